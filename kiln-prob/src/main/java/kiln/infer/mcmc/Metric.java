package kiln.infer.mcmc;

import java.util.Arrays;
import kiln.infer.store.ChainState;

/// Euclidean metric of Hamiltonian dynamics, given by the inverse mass matrix `S`: an estimate of the posterior covariance.
///
/// ```
/// kinetic energy  K(p) = ½ pᵀ S p        momentum  p ~ N(0, S⁻¹)        velocity  v = S p
/// ```
///
/// `S` has the unit of the position squared, `p` its inverse. A metric is an immutable value with equality; the methods that
/// advance the dynamics write into the caller's points and allocate nothing. They come in the two halves of a leapfrog step, fused
/// loops around the one evaluation of the gradient `g`.
///
/// Source: Neal, *MCMC using Hamiltonian dynamics* (2011), sections 2.2 and 4.1.
public abstract sealed class Metric permits IdentityMetric, DiagonalMetric, CorrelatedMetric, KineticMetric {
    /// For the metrics of this package.
    Metric() {}

    /// {@return the dimension `d`}
    public abstract int dimension();

    /// {@return the inverse mass matrix `S`, a new `[d][d]`}
    public abstract double[][] inverseMassMatrix();

    /// {@return its form in words, such as `full`}
    abstract String words();

    /// {@return the diagonal entry `S_ii`}
    public abstract double variance(int i);

    /// Draws a momentum `p ~ N(0, S⁻¹)`, one normal per coordinate in order.
    ///
    /// @param p receives the momentum, length `d`
    void sampleMomentum(ChainRandom random, double[] p) {
        for (int i = 0; i < p.length; i++) {
            p[i] = random.normal();
        }
        unscaleTransposed(p);
    }

    /// Computes `x ← C⁻ᵀ x` for the factor `S = C Cᵀ`: a standard normal `x` gets the covariance `S⁻¹`.
    abstract void unscaleTransposed(double[] x);

    /// Computes `v = S p`.
    ///
    /// @return the kinetic energy `½ p·v`, in nats
    abstract double velocity(double[] p, double[] v);

    /// Computes `y = C x` for the factor `S = C Cᵀ`: a standard normal `x` gets the covariance `S`.
    abstract void scale(double[] x, double[] y);

    /// Computes `y = Cᵀ x` for the factor `S = C Cᵀ`: a gradient by the position becomes one by the scaled coordinates.
    abstract void scaleTransposed(double[] x, double[] y);

    /// Completes a point whose position, gradient and momentum are known, for steps to start from.
    ///
    /// @return the kinetic energy `½ p·v`, in nats
    double complete(PhasePoint point) {
        return velocity(point.momentum, point.velocity);
    }

    /// First half of a leapfrog step: `p ← p + ½ε g`, `q ← q + ε S p`.
    ///
    /// @param from a point that is complete
    /// @param to   receives position and momentum
    abstract void kickDrift(double eps, PhasePoint from, PhasePoint to);

    /// Second half of a leapfrog step, which completes the point: `p ← p + ½ε g`, `v = S p`.
    ///
    /// @param at what [#kickDrift] made, with the gradient at its position
    /// @return the kinetic energy `½ p·v`, in nats
    abstract double kick(double eps, PhasePoint at);

    /// Adds what [#of] needs to a state.
    abstract void save(ChainState.Builder state);

    /// {@return the metric that was saved in a state}
    ///
    /// @param dimension `d` ≥ 0
    static Metric of(ChainState state, int dimension) {
        if (state.has("metric.variances")) {
            return new DiagonalMetric(state.doubles("metric.variances"));
        }
        if (state.has("metric.blocks")) {
            return BlockMetric.of(state);
        }
        if (state.has("metric.covariance")) {
            return new DenseMetric(rows(state.doubles("metric.covariance"), dimension));
        }
        if (state.has("metric.directions")) {
            return new LowRankMetric(state.doubles("metric.scales"), rows(state.doubles("metric.directions"), dimension),
                    state.doubles("metric.strengths"));
        }
        return new IdentityMetric(dimension);
    }

    /// `S = I`.
    ///
    /// @param dimension `d` ≥ 0
    public static Metric identity(int dimension) {
        return new IdentityMetric(dimension);
    }

    /// `S = diag(variances)`.
    ///
    /// @param variances finite and > 0; copied
    /// @throws IllegalArgumentException naming the first coordinate that is not
    public static Metric diagonal(double... variances) {
        return new DiagonalMetric(variances.clone());
    }

    /// `S` = a full covariance matrix.
    ///
    /// @param covariance symmetric positive definite `[d][d]`; the lower triangle is used; copied
    /// @throws IllegalArgumentException naming the first pivot that is not positive
    public static Metric dense(double[][] covariance) {
        return new DenseMetric(covariance);
    }

    private static double[][] rows(double[] all, int length) {
        double[][] rows = new double[all.length / length][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = Arrays.copyOfRange(all, i * length, (i + 1) * length);
        }
        return rows;
    }
}
