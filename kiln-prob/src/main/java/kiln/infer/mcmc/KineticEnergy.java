package kiln.infer.mcmc;

import kiln.array.Diagnosis;
import kiln.array.UserCode;
import kiln.dist.Distribution;
import kiln.dist.Logistic;
import kiln.dist.StudentT;

/// A kinetic energy of Hamiltonian dynamics with the momenta that belong to it, for [NUTS#kineticFn], [HMC#kineticFn] and [WALNUTS#kineticFn].
///
/// ```
/// K(p) = k(Cᵀ p),   S = C Cᵀ the inverse mass matrix        momenta  p = C⁻ᵀ u,  u ~ exp(−k)        velocity  ∂K/∂p
/// ```
///
/// `exp(−k)` is the law of the momentum scaled by the metric, so that mass matrices mean and adapt what they do for `k = ½ uᵀu`, the default. NUTS
/// turns back by the generalised criterion, which is stated in velocities.
///
/// | | k of one coordinate | velocity | |
/// |---|---|---|---|
/// | default | `u²/2` | `u` | |
/// | [#relativistic] | `c² (√(1 + u²/c²) − 1)` | below `c` | a steep place cannot throw a chain off |
/// | [#logistic] | `2 log cosh(u/2)` | below 1 | the same with a longer tail |
/// | [#studentT] | `½ (ν + 1) log(1 + u²/ν)` | falls like `(ν + 1)/u` | momenta of all sizes; no gain was measured |
///
/// With NumPyro's `kinetic_fn` momenta are normal whatever the function, which leaves another law invariant than the target. Here they are drawn from
/// `exp(−k)`, so that the target is invariant for every `k`.
///
/// An implementation is even in `u`, `k(−u) = k(u)`, which is checked at some draws; its `toString` names it the same way in every process, as a run folder is
/// resumed by it; and one instance may be shared by threads, unless [#worker] gives each its own.
///
/// Source: Betancourt, *Generalizing the no-U-turn sampler to Riemannian manifolds* (2013), for the criterion; Lu, Perrone, Hasenclever, Teh and Vollmer,
/// *Relativistic Monte Carlo* (2017); Livingstone, Faulkner and Roberts, *Kinetic energy choice in Hamiltonian/hybrid Monte Carlo* (2019).
public interface KineticEnergy {
    /// Value and gradient of the energy.
    ///
    /// @param u        scaled momentum, length `d`; only read
    /// @param gradient receives `k'(u)`, length `d`
    /// @return `k(u)` up to a constant, in nats
    double valueAndGradient(double[] u, double[] gradient);

    /// Draws a scaled momentum with the density `exp(−k(u))`.
    ///
    /// @param random the random numbers of the chain
    /// @param u      receives the draw, length `d`
    void sample(ChainRandom random, double[] u);

    /// {@return the same energy for one chain, with memory of its own; itself if it keeps nothing}
    ///
    /// @param dimension `d` ≥ 0
    default KineticEnergy worker(int dimension) {
        return this;
    }

    /// {@return the energy whose momenta a distribution draws, `k(u) = −log p(u)`, differentiated and compiled}
    ///
    /// @param momenta continuous on all of the real line and even: of one coordinate, for all of them alike, or of shape `[d]`
    static KineticEnergy of(Distribution momenta) {
        return new DistributedMomenta(momenta);
    }

    /// {@return the energy of a particle with a speed of light, for each coordinate: `k(u) = Σ c² (√(1 + u²/c²) − 1)`}
    ///
    /// @param c the largest speed, in units of the metric's scales; finite, > 0
    static KineticEnergy relativistic(double c) {
        return new RelativisticEnergy(c);
    }

    /// {@return the energy of momenta with Student's t distribution, for each coordinate}
    ///
    /// @param df degrees of freedom ν > 0
    static KineticEnergy studentT(double df) {
        return of(new StudentT(df, 0, 1));
    }

    /// {@return the energy of momenta with the logistic distribution, for each coordinate}
    static KineticEnergy logistic() {
        return of(new Logistic(0, 1));
    }

    /// {@return a worker of an energy whose values at some of its draws were found to be even}
    ///
    /// @throws IllegalArgumentException if they are not: a trajectory read backwards would not be as likely as forwards
    static KineticEnergy checked(KineticEnergy energy, int dimension) {
        KineticEnergy own = energy.worker(dimension);
        double[] u = new double[dimension];
        double[] unused = new double[dimension];
        var random = new ChainRandom(dimension);
        for (int n = 0; n < 4 && dimension > 0; n++) {
            own.sample(random, u);
            double k = own.valueAndGradient(u, unused);
            for (int i = 0; i < dimension; i++) {
                u[i] = -u[i];
            }
            double mirrored = own.valueAndGradient(u, unused);
            if (!(Math.abs(mirrored - k) <= 1e-9 * Math.max(1, Math.abs(k)))) {
                throw new IllegalArgumentException(new Diagnosis("kineticFn", "a kinetic energy must be even")
                        .expected("k(−u) = k(u), finite")
                        .got(k + " and " + mirrored + " at u and −u of a draw of " + energy)
                        .at(UserCode.line())
                        .fix("centre the momenta at zero, such as KineticEnergy.of(new StudentT(5, 0, 1)).")
                        .message());
            }
        }
        return own;
    }
}
