package kiln.dist;

import static kiln.array.Np.*;
import static kiln.dist.constraint.Constraints.*;

import java.util.ArrayList;
import java.util.List;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.dist.constraint.Constraint;
import kiln.func.Functions;

/// Sine bivariate von Mises distribution of two correlated angles, such as the torsion angles of a protein.
///
/// ```
/// log p(φ, ψ) = κ₁ cos a + κ₂ cos b + c sin a sin b − log N,  a = φ − phiLoc, b = ψ − psiLoc, c = correlation
/// N = 4π² Σₘ C(2m, m) (c² / (4 κ₁ κ₂))ᵐ Iₘ(κ₁) Iₘ(κ₂),  κ₁ = phiConcentration, κ₂ = psiConcentration
/// ```
///
/// - **support** pairs of angles in [−π, π]
/// - **shapes** batch = broadcast of all parameters, event = `[2]`
/// - **moments** circular ones: the two directions as angles in [−π, π), and 1 − E cos a and 1 − E cos b
/// - **gradient of a draw** pathwise in the directions, implicit in the other parameters: of the first angle, and of the second given the first;
///   right for functions with the period 2π, as that of [VonMises]
///
/// Numerics: N is the integral over the first angle, `2π ∫ exp(κ₁ cos a) I₀(√(κ₂² + c² sin² a)) da`, on both sides of its peak: the series ends
/// after many terms where one angle nearly determines the other.
///
/// Source: Singh, Hnizdo and Demchuk, *Probabilistic model for two dependent circular variables* (2002).
///
/// @param phiLoc           direction of the first angle; any finite angle, in radians
/// @param psiLoc           direction of the second angle; any finite angle, in radians
/// @param phiConcentration κ₁; > 0
/// @param psiConcentration κ₂; > 0
/// @param correlation      c; any finite value; the density has one mode for c² < κ₁ κ₂
public record SineBivariateVonMises(NDArray phiLoc, NDArray psiLoc, NDArray phiConcentration, NDArray psiConcentration,
        NDArray correlation) implements Distribution {
    /// @throws DomainException if a known parameter lies outside its domain
    /// @throws ShapeException if the parameters do not broadcast
    public SineBivariateVonMises {
        phiLoc = Check.in(real, "phiLoc", phiLoc, SineBivariateVonMises.class);
        psiLoc = Check.in(real, "psiLoc", psiLoc, SineBivariateVonMises.class);
        phiConcentration = Check.in(positive, "phiConcentration", phiConcentration, SineBivariateVonMises.class);
        psiConcentration = Check.in(positive, "psiConcentration", psiConcentration, SineBivariateVonMises.class);
        correlation = Check.in(real, "correlation", correlation, SineBivariateVonMises.class);
        Check.broadcasts(
                SineBivariateVonMises.class, "phiLoc, psiLoc, phiConcentration, psiConcentration and correlation", phiLoc.shape(),
                        psiLoc.shape(), phiConcentration.shape(), psiConcentration.shape(), correlation.shape());
    }

    /// Scalars and arrays in any mix.
    public SineBivariateVonMises(Number phiLoc, Number psiLoc, Number phiConcentration, Number psiConcentration, Number correlation) {
        this(NDArray.as(phiLoc), NDArray.as(psiLoc), NDArray.as(phiConcentration), NDArray.as(psiConcentration), NDArray.as(correlation));
    }

    @Override
    public Constraint support() {
        return independent(circular, 1);
    }

    @Override
    public Shape batchShape() {
        return Shape.broadcast(phiLoc.shape(), psiLoc.shape(), phiConcentration.shape(), psiConcentration.shape(), correlation.shape());
    }

    @Override
    public Shape eventShape() {
        return Shape.of(2);
    }

    @Override
    public boolean hasRsample() {
        return true;
    }

    @Override
    public NDArray mean() {
        return Angles.wrapped(stack(List.of(broadcastTo(phiLoc, batchShape()), broadcastTo(psiLoc, batchShape())), -1));
    }

    /// The first angle by rejection under a step function, the second by its von Mises distribution given the first.
    @Override
    public NDArray sample(PRNGKey key, Shape sampleShape) {
        PRNGKey[] keys = key.split(2);
        List<NDArray> natural = natural().stream().map(x -> broadcastTo(x, batchShape())).toList();
        NDArray drawn = SineMarginal.draws(keys[0], sampleShape, natural.get(0), natural.get(1), natural.get(2));
        NDArray phi = AngleDensity.moved(drawn, natural, p -> SineMarginal.density(p.get(0), p.get(1), p.get(2)));
        NDArray length = SineMarginal.length(phi, psiConcentration, correlation);
        NDArray around = VonMises.around(keys[1], length, phi.shape());
        NDArray psi = around.plus(SineMarginal.direction(phi, psiConcentration, correlation));
        return Angles.wrapped(stack(List.of(phi.plus(phiLoc), psi.plus(psiLoc)), -1));
    }

    @Override
    public NDArray logProb(NDArray value) {
        Check.value(this, value);
        return Density.within(support(), value, x -> {
            NDArray a = x.get(Index.DOTS, Index.at(0)).minus(phiLoc);
            NDArray b = x.get(Index.DOTS, Index.at(1)).minus(psiLoc);
            NDArray own = phiConcentration.times(cos(a).minus(1)).plus(psiConcentration.times(cos(b).minus(1)));
            return own.plus(correlation.times(sin(a)).times(sin(b))).minus(logNormalizer(natural()));
        });
    }

    /// {@return the distribution with the correlation as a part of its largest value with one mode}
    ///
    /// @param weightedCorrelation correlation / √(κ₁ κ₂)
    public static SineBivariateVonMises weighted(
            Number phiLoc, Number psiLoc, NDArray phiConcentration, NDArray psiConcentration, Number weightedCorrelation) {
        NDArray largest = sqrt(phiConcentration.times(psiConcentration));
        return new SineBivariateVonMises(phiLoc, psiLoc, phiConcentration, psiConcentration, largest.times(weightedCorrelation));
    }

    @Override
    public NDArray variance() {
        List<NDArray> slopes = slopes();
        return stack(slopes.subList(0, 2), -1).unaryMinus();
    }

    @Override
    public NDArray entropy() {
        return logNormalizer(natural()).minus(along(natural()));
    }

    /// {@return the Kullback–Leibler divergence of another one with the same directions from this one}
    ///
    /// @throws UnsupportedOperationException if the directions are known to differ
    NDArray divergence(SineBivariateVonMises q) {
        refuseOther(phiLoc, q.phiLoc);
        refuseOther(psiLoc, q.psiLoc);
        List<NDArray> other = q.natural();
        List<NDArray> apart = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            apart.add(natural().get(i).minus(other.get(i)));
        }
        return along(apart).plus(logNormalizer(other)).minus(logNormalizer(natural()));
    }

    private static void refuseOther(NDArray a, NDArray b) {
        if (a.isKnown() && b.isKnown() && any(a.ne(b)).isTrue()) {
            throw new UnsupportedOperationException(new Diagnosis("KL", "the two distributions have different directions")
                    .expected("equal directions: for others no closed form is known")
                    .got(a + " and " + b)
                    .at(UserCode.line())
                    .message());
        }
    }

    /// κ₁, κ₂ and c.
    private List<NDArray> natural() {
        return broadcastArrays(phiConcentration, psiConcentration, correlation);
    }

    /// The derivatives of the logarithm of the normalizer: `E cos a − 1`, `E cos b − 1` and `E sin a sin b`.
    private List<NDArray> slopes() {
        return slopes(natural()).stream().map(x -> broadcastTo(x, batchShape())).toList();
    }

    private static List<NDArray> slopes(List<NDArray> natural) {
        return Functions.grad((List<NDArray> k) -> logNormalizer(k).sum()).apply(natural);
    }

    /// {@return `E sin a sin a`, `E sin a sin b` and `E sin b sin b` as matrices `[…, 2, 2]`}
    ///
    /// The second derivatives of the logarithm of the normalizer are variances: with `s = E cos a − 1` it is `E sin² a = −Var cos a − 2 s − s²`.
    NDArray sineProducts() {
        List<NDArray> slopes = slopes();
        NDArray across = slopes.get(2);
        NDArray first = stack(List.of(squaredSine(slopes, 0), across), -1);
        return stack(List.of(first, stack(List.of(across, squaredSine(slopes, 1)), -1)), -2);
    }

    private NDArray squaredSine(List<NDArray> slopes, int i) {
        NDArray s = slopes.get(i);
        NDArray spread = Functions.grad((List<NDArray> k) -> slopes(k).get(i).sum()).apply(natural()).get(i);
        return spread.plus(s.times(s.plus(2))).unaryMinus();
    }

    private NDArray along(List<NDArray> parameters) {
        List<NDArray> slopes = slopes();
        NDArray sum = full(batchShape(), 0);
        for (int i = 0; i < 3; i++) {
            sum = sum.plus(slopes.get(i).times(parameters.get(i)));
        }
        return sum;
    }

    /// `log N − κ₁ − κ₂`
    private static NDArray logNormalizer(List<NDArray> natural) {
        return SineMarginal.logMass(natural.get(0), natural.get(1), natural.get(2)).plus(2 * Constants.HALF_LOG_2PI);
    }
}
