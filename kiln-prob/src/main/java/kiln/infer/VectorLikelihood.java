package kiln.infer;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.Distribution;
import kiln.dist.MultivariateNormal;
import kiln.dist.Normal;
import kiln.infer.reparam.LocatedVariable;
import kiln.model.Message;

/// What vectors `x ~ MultivariateNormal(loc, L Lᵀ)` are taken to be told by the rest of the model, vector by vector. The position is u.
///
/// ```
/// log ℓ(x) = (h − C f)ᵀ x − ½ xᵀ K x          f: coordinates of other sites: as written, or what the rest of the model is told of them
/// x = loc + L e,   e = R⁻ᵀ (u + R⁻¹ Lᵀ (h − C f − K loc)),   R Rᵀ = I + Lᵀ K L
/// ```
///
/// If ℓ is the rest of the model, u is standard normal given all others, whatever loc, L and f are: [Coordinates] with matrices for numbers. Along directions in which L is
/// small against K it is `L⁻¹ (x − loc)`, where it is large `Rᵀ L⁻¹ (x − K⁻¹ (h − C f))`.
///
/// Vectors are short and there are many: what a factorisation does is written out for their components, each an array over the vectors. That takes a half to a fifth of the
/// time that the operations for matrices take for 30 of them, one by one.
///
/// Source: the conditional mean and covariance of a normal vector with a normal prior; R need only be some root of the precision.
///
/// @param precision K, `batch + [d, d]`, symmetric, no eigenvalue below 0
/// @param linear    h, `batch + [d]`
/// @param followed  places in the list of all sites of those that f is made of
/// @param slopes    C, `batch + [d, |f|]`
/// @param reference values of the vectors for which the model makes sense, `batch + [d]`
record VectorLikelihood(NDArray precision, NDArray linear, List<Integer> followed, NDArray slopes, NDArray reference) {
    VectorLikelihood {
        followed = List.copyOf(followed);
    }

    /// {@return the distribution of a site of such vectors; empty for others}
    static Optional<MultivariateNormal> located(Message.Sample s) {
        return Coordinates.counts(s) ? LocatedVariable.multivariate(s.distribution()) : Optional.empty();
    }

    /// {@return what lies between the position of a site and its position as written}
    ///
    /// @param others what the rest of the model is told of sites, by their place in the list of sites
    Coordinates.Standardised of(MultivariateNormal v, IntFunction<NDArray> others) {
        return new Roots(v, this, others);
    }

    /// h − C f − K loc, by component.
    private NDArray[] told(NDArray loc, IntFunction<NDArray> others) {
        int d = loc.size(-1);
        NDArray left = linear;
        if (!followed.isEmpty()) {
            NDArray f = Np.concatenate(followed.stream().map(i -> others.apply(i)).map(x -> x.reshape(x.size())).toList(), 0);
            left = left.minus(slopes.reshape(linear.size(), f.size()).matmul(f).reshape(linear.shape().dims()));
        }
        NDArray[] out = new NDArray[d];
        for (int i = 0; i < d; i++) {
            NDArray sum = component(left, i);
            for (int j = 0; j < d; j++) {
                sum = sum.minus(entry(precision, i, j).times(component(loc, j)));
            }
            out[i] = sum;
        }
        return out;
    }

    private static NDArray component(NDArray x, int i) {
        return x.get(Index.DOTS, Index.at(i));
    }

    private static NDArray entry(NDArray a, int i, int j) {
        return a.get(Index.DOTS, Index.at(i), Index.at(j));
    }

    /// L and R for all vectors.
    private static final class Roots implements Coordinates.Standardised {
        private final NDArray loc;
        private final NDArray[][] l;
        private final NDArray[][] r;
        /// `1 / r_ii`.
        private final NDArray[] inverse;
        /// `|I + Lᵀ K L|`.
        private final NDArray determinant;
        /// `R⁻¹ Lᵀ (h − C f − K loc)`.
        private final NDArray[] shift;

        Roots(MultivariateNormal v, VectorLikelihood told, IntFunction<NDArray> others) {
            loc = v.loc();
            int d = loc.size(-1);
            l = new NDArray[d][d];
            for (int i = 0; i < d; i++) {
                for (int j = 0; j <= i; j++) {
                    l[i][j] = entry(v.scaleTril(), i, j);
                }
            }
            r = informed(told.precision(), d);
            inverse = new NDArray[d];
            determinant = factor();
            shift = new NDArray[d];
            NDArray[] linear = told.told(loc, others);
            for (int i = 0; i < d; i++) {
                NDArray sum = l[i][i].times(linear[i]);
                for (int k = i + 1; k < d; k++) {
                    sum = sum.plus(l[k][i].times(linear[k]));
                }
                for (int k = 0; k < i; k++) {
                    sum = sum.minus(r[i][k].times(shift[k]));
                }
                shift[i] = sum.times(inverse[i]);
            }
        }

        /// The lower triangle of `I + Lᵀ K L`.
        private NDArray[][] informed(NDArray k, int d) {
            NDArray[][] out = new NDArray[d][d];
            for (int b = 0; b < d; b++) {
                NDArray[] column = new NDArray[d];
                for (int i = b; i < d; i++) {
                    NDArray sum = entry(k, i, b).times(l[b][b]);
                    for (int j = b + 1; j < d; j++) {
                        sum = sum.plus(entry(k, i, j).times(l[j][b]));
                    }
                    column[i] = sum;
                }
                for (int a = b; a < d; a++) {
                    NDArray sum = l[a][a].times(column[a]);
                    for (int i = a + 1; i < d; i++) {
                        sum = sum.plus(l[i][a].times(column[i]));
                    }
                    out[a][b] = a == b ? sum.plus(1) : sum;
                }
            }
            return out;
        }

        /// Makes its Cholesky factor of r; returns the determinant.
        private NDArray factor() {
            int d = r.length;
            NDArray product = null;
            for (int j = 0; j < d; j++) {
                NDArray square = r[j][j];
                for (int k = 0; k < j; k++) {
                    square = square.minus(Np.square(r[j][k]));
                }
                product = product == null ? square : product.times(square);
                r[j][j] = Np.sqrt(square);
                inverse[j] = Np.divide(1, r[j][j]);
                for (int i = j + 1; i < d; i++) {
                    NDArray sum = r[i][j];
                    for (int k = 0; k < j; k++) {
                        sum = sum.minus(r[i][k].times(r[j][k]));
                    }
                    r[i][j] = sum.times(inverse[j]);
                }
            }
            return Objects.requireNonNull(product);
        }

        @Override
        public NDArray standard(NDArray u) {
            int d = r.length;
            NDArray[] e = new NDArray[d];
            for (int i = d - 1; i >= 0; i--) {
                NDArray sum = component(u, i).plus(shift[i]);
                for (int k = i + 1; k < d; k++) {
                    sum = sum.minus(r[k][i].times(e[k]));
                }
                e[i] = sum.times(inverse[i]);
            }
            return Np.stack(List.of(e), -1);
        }

        @Override
        public NDArray written(NDArray e) {
            int d = l.length;
            NDArray[] x = new NDArray[d];
            for (int i = 0; i < d; i++) {
                NDArray sum = component(loc, i);
                for (int j = 0; j <= i; j++) {
                    sum = sum.plus(l[i][j].times(component(e, j)));
                }
                x[i] = sum;
            }
            return Np.stack(List.of(x), -1);
        }

        @Override
        public NDArray told(NDArray e) {
            return written(e);
        }

        @Override
        public NDArray toldOfWritten(NDArray written) {
            return written;
        }

        @Override
        public NDArray position(NDArray written) {
            int d = l.length;
            NDArray[] e = new NDArray[d];
            for (int i = 0; i < d; i++) {
                NDArray sum = component(written, i).minus(component(loc, i));
                for (int j = 0; j < i; j++) {
                    sum = sum.minus(l[i][j].times(e[j]));
                }
                e[i] = sum.div(l[i][i]);
            }
            NDArray[] u = new NDArray[d];
            for (int i = 0; i < d; i++) {
                NDArray sum = r[i][i].times(e[i]);
                for (int k = i + 1; k < d; k++) {
                    sum = sum.plus(r[k][i].times(e[k]));
                }
                u[i] = sum.minus(shift[i]);
            }
            return Np.stack(List.of(u), -1);
        }

        @Override
        public boolean movesWithFree() {
            return true;
        }

        @Override
        public Distribution distribution(Message.Sample s) {
            Distribution d = s.distribution();
            return new Normal(0, 1).expand(d.batchShape().then(d.eventShape())).toEvent(d.eventShape().rank());
        }

        @Override
        public NDArray logJacobian(Distribution d) {
            return PositionedRun.overEvents(Np.broadcastTo(Np.log(determinant).times(-0.5), vectors(d)), d.batchShape());
        }

        @Override
        public NDArray logJacobianOfWritten(Distribution d) {
            NDArray scale = Np.log(l[0][0]);
            for (int i = 1; i < l.length; i++) {
                scale = scale.plus(Np.log(l[i][i]));
            }
            return logJacobian(d).plus(PositionedRun.overEvents(Np.broadcastTo(scale, vectors(d)), d.batchShape()));
        }

        /// The shape of the vectors, of which some may be grouped into events.
        private static Shape vectors(Distribution d) {
            return d.batchShape().then(d.eventShape()).dropLast(1);
        }
    }
}
