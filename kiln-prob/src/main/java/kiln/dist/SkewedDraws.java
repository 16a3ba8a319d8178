package kiln.dist;

import static kiln.array.Np.*;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Shape;

/// How draws of [SineSkewed] follow its parameters: each angle by its distribution function given those before it.
///
/// ```
/// independent: p(aⱼ | a₁ … aⱼ₋₁) = pⱼ(aⱼ) (1 + s + λⱼ sin aⱼ) / (1 + s),  s = Σᵢ₌₁ʲ⁻¹ λᵢ sin aᵢ
/// dependent:   p(a) = f(a) (1 + λ₁ sin a + λ₂ E[sin b | a]),  p(b | a) = f(b | a) (1 + λ₁ sin a + λ₂ sin b) / (1 + λ₁ sin a + λ₂ E[sin b | a])
/// ```
///
/// What comes later has dropped out, as sines have the mean 0. Here λ is the skewness and `E[sin b | a] = A(r) c sin a / r` with
/// `r = √(κ₂² + c² sin² a)` and `A = I₁/I₀`.
sealed interface SkewedDraws {
    /// {@return the angles around the mean of the base, with their derivatives}
    ///
    /// @param angles `sample + batch + [d]`
    NDArray moved(NDArray angles, NDArray skewness, Shape batch);

    /// {@return those over a base, if it is one whose distribution functions are known}
    static Optional<SkewedDraws> of(Distribution base) {
        return Optional.ofNullable(
                switch (base) {
                    case SineBivariateVonMises d -> new Dependent(d);
                    case Expanded(Distribution d, Shape _) -> of(d).orElse(null);
                    case Independent(Distribution d, int axes) when axes == 1 -> switch (d instanceof Expanded e ? e.baseDist() : d) {
                        case VonMises v -> new Concentrated(v);
                        case Uniform u when isCircle(u) -> new Even();
                        default -> null;
                    };
                    default -> null;
                });
    }

    private static boolean isCircle(Uniform u) {
        return u.low().isKnown() && u.high().isKnown() && all(abs(u.high().minus(u.low()).minus(2 * Math.PI)).lt(1e-14)).isTrue();
    }

    /// Independent angles.
    sealed interface Each extends SkewedDraws {
        /// {@return the parameters of the j-th angle, of shape `batch`}
        List<NDArray> parameters(int j, Shape angles);

        /// {@return the density without skewness}
        AngleDensity density(List<NDArray> parameters);

        @Override
        default NDArray moved(NDArray angles, NDArray skewness, Shape batch) {
            int d = skewness.size(-1);
            List<NDArray> out = new ArrayList<>();
            NDArray before = scalar(1.0);
            for (int j = 0; j < d; j++) {
                NDArray skew = part(skewness, j);
                List<NDArray> parameters = new ArrayList<>(List.of(skew, before));
                parameters.addAll(parameters(j, batch.then(Shape.of(d))));
                NDArray a = AngleDensity.moved(part(angles, j), parameters, p -> {
                    NDArray slope = p.get(0).div(p.get(1));
                    return density(p.subList(2, p.size())).times(t -> sin(t).times(slope).plus(1));
                });
                out.add(a);
                before = before.plus(skew.times(sin(a)));
            }
            return stack(out, -1);
        }
    }

    /// Von Mises angles.
    record Concentrated(VonMises base) implements Each {
        @Override
        public List<NDArray> parameters(int j, Shape angles) {
            return List.of(part(broadcastTo(base.concentration(), angles), j));
        }

        @Override
        public AngleDensity density(List<NDArray> parameters) {
            return VonMises.density(parameters.getFirst());
        }
    }

    /// Angles of the whole circle, whose ends do not move.
    record Even() implements Each {
        @Override
        public List<NDArray> parameters(int j, Shape angles) {
            return List.of();
        }

        @Override
        public AngleDensity density(List<NDArray> parameters) {
            return new AngleDensity(t -> full(t.shape(), 0.5 / Math.PI), scalar(0.0), scalar(Math.PI));
        }
    }

    /// Two dependent angles.
    record Dependent(SineBivariateVonMises base) implements SkewedDraws {
        @Override
        public NDArray moved(NDArray angles, NDArray skewness, Shape batch) {
            NDArray k1 = broadcastTo(base.phiConcentration(), batch);
            NDArray k2 = broadcastTo(base.psiConcentration(), batch);
            NDArray c = broadcastTo(base.correlation(), batch);
            NDArray first = broadcastTo(part(skewness, 0), batch);
            NDArray second = broadcastTo(part(skewness, 1), batch);
            NDArray drawn = part(angles, 0);
            NDArray a = AngleDensity.moved(drawn, List.of(k1, k2, c, first, second), p -> {
                NDArray across = p.get(4).times(p.get(2));
                return SineMarginal.density(p.get(0), p.get(1), p.get(2)).times(t -> {
                    NDArray length = SineMarginal.length(t, p.get(1), p.get(2));
                    return sin(t).times(Angles.resultant(length).div(length).times(across).plus(p.get(3))).plus(1);
                });
            });
            NDArray away = Angles.wrapped(part(angles, 1).minus(SineMarginal.direction(drawn, k2, c)));
            NDArray around = AngleDensity.moved(away, List.of(a, k2, c, first, second), p -> given(p.get(0), p.get(1), p.get(2), p.get(3), p.get(4)));
            return stack(List.of(a, around.plus(SineMarginal.direction(a, k2, c))), -1);
        }

        /// The density of the second angle around its direction, given the first.
        private static AngleDensity given(NDArray a, NDArray k2, NDArray c, NDArray first, NDArray second) {
            NDArray length = SineMarginal.length(a, k2, c);
            NDArray direction = SineMarginal.direction(a, k2, c);
            NDArray fixed = sin(a).times(first).plus(1);
            NDArray mass = fixed.plus(second.times(Angles.resultant(length)).times(sin(direction)));
            return VonMises.density(length).times(t -> sin(t.plus(direction)).times(second).plus(fixed).div(mass));
        }
    }

    private static NDArray part(NDArray x, int j) {
        return x.get(Index.DOTS, Index.at(j));
    }
}
