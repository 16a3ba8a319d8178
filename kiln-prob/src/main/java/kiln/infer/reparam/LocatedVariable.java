package kiln.infer.reparam;

import java.util.Optional;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.dist.AsymmetricLaplace;
import kiln.dist.Cauchy;
import kiln.dist.Distribution;
import kiln.dist.Gumbel;
import kiln.dist.Laplace;
import kiln.dist.LogNormal;
import kiln.dist.Logistic;
import kiln.dist.MultivariateNormal;
import kiln.dist.Normal;
import kiln.dist.SoftLaplace;
import kiln.dist.StudentT;

/// A variable on the real line that is located and scaled by others, and the variables between it and its standardised one.
///
/// ```
/// u ~ p(loc · c, scale^c),    x = loc + scale^(1−c) · (u − loc · c)
/// ```
///
/// c = 1 is the variable itself, c = 0 the standardised one, which knows nothing of `loc` and `scale`.
///
/// Source: Gorinova, Moore and Hoffman, *Automatic Reparameterisation of Probabilistic Programs* (2020).
public final class LocatedVariable {
    private final Distribution whole;
    private final NDArray loc;
    private final NDArray scale;
    private final Family family;

    /// The distributions that differ in location and scale only.
    private interface Family {
        Distribution at(NDArray loc, NDArray scale);
    }

    private LocatedVariable(Distribution whole, NDArray loc, NDArray scale, Family family) {
        this.whole = whole;
        this.loc = loc;
        this.scale = scale;
        this.family = family;
    }

    /// {@return the variable of a distribution, repeated, grouped into events or masked as it may be; empty if it is not of this kind}
    public static Optional<LocatedVariable> of(Distribution d) {
        return Optional.ofNullable(switch (Wrapped.core(d)) {
            case Normal n -> new LocatedVariable(d, n.loc(), n.scale(), Normal::new);
            case Cauchy c -> new LocatedVariable(d, c.loc(), c.scale(), Cauchy::new);
            case Laplace l -> new LocatedVariable(d, l.loc(), l.scale(), Laplace::new);
            case Logistic l -> new LocatedVariable(d, l.loc(), l.scale(), Logistic::new);
            case Gumbel g -> new LocatedVariable(d, g.loc(), g.scale(), Gumbel::new);
            case SoftLaplace s -> new LocatedVariable(d, s.loc(), s.scale(), SoftLaplace::new);
            case StudentT t -> new LocatedVariable(d, t.loc(), t.scale(), (loc, scale) -> new StudentT(t.df(), loc, scale));
            case AsymmetricLaplace a ->
                new LocatedVariable(d, a.loc(), a.scale(), (loc, scale) -> new AsymmetricLaplace(loc, scale, a.asymmetry()));
            default -> null;
        });
    }

    /// {@return the variable itself, or its logarithm where the distribution is log-normal; empty if it is neither, or if elements are masked}
    public static Optional<LocatedVariable> ofUnconstrained(Distribution d) {
        return Wrapped.isMasked(d) ? Optional.empty() : Wrapped.replace(d, core -> Optional.of(core instanceof LogNormal l ? new Normal(l.loc(), l.scale()) : core))
                .flatMap(LocatedVariable::of);
    }

    /// {@return the normal distribution of vectors, without what repeats or groups them; empty for other distributions, or if some are masked}
    public static Optional<MultivariateNormal> multivariate(Distribution d) {
        return !Wrapped.isMasked(d) && Wrapped.core(d) instanceof MultivariateNormal v ? Optional.of(v) : Optional.empty();
    }

    /// {@return the distribution of x, repeated and grouped as it was given}
    public Distribution distribution() {
        return whole;
    }

    /// {@return whether x is normal}
    public boolean isNormal() {
        return Wrapped.core(whole) instanceof Normal;
    }

    /// {@return the location of x; broadcasts with the value}
    public NDArray loc() {
        return loc;
    }

    /// {@return the scale of x; broadcasts with the value}
    public NDArray scale() {
        return scale;
    }

    /// {@return the distribution of u}
    ///
    /// @param c in [0, 1], broadcasts with the value
    public Distribution distribution(NDArray c) {
        boolean fully = is(c, 0);
        NDArray at = fully ? Np.zerosLike(loc) : loc.times(c);
        NDArray spread = fully ? Np.onesLike(scale) : scale.pow(c);
        return Wrapped.replace(whole, _ -> Optional.of(family.at(at, spread))).orElseThrow();
    }

    /// {@return x, given u}
    public NDArray value(NDArray u, NDArray c) {
        return is(c, 0) ? loc.plus(scale.times(u)) : loc.plus(scale.pow(Np.subtract(1, c)).times(u.minus(loc.times(c))));
    }

    private static boolean is(NDArray c, double value) {
        return c.isKnown() && Np.all(c.eq(value)).isTrue();
    }
}
