package kiln.infer.mcmc;

import kiln.math.Elementary;

/// The kinetic energy of particles that are slower than light, one for each coordinate, without their energy at rest.
///
/// ```
/// k(u) = c² (√(1 + u²/c²) − 1)        k'(u) = u / √(1 + u²/c²)
/// draws of exp(−k):  u ≥ 0 below  min(1, exp(−r (u − b))),  the tangent of −k where k = 1;  either sign
/// ```
///
/// At least 88 % of the candidates are taken, whatever `c`.
///
/// Source: Lu, Perrone, Hasenclever, Teh and Vollmer, *Relativistic Monte Carlo* (2017), section 3; the draws: Devroye, *Non-uniform random variate generation*
/// (1986), section VII.2, for log-concave densities.
///
/// @param c largest speed; finite, > 0
record RelativisticEnergy(double c) implements KineticEnergy {
    RelativisticEnergy {
        HMCSettings.require(c > 0 && Double.isFinite(c), "KineticEnergy.relativistic: c must be finite and > 0", c);
    }

    @Override
    public double valueAndGradient(double[] u, double[] gradient) {
        double sum = 0;
        for (int i = 0; i < u.length; i++) {
            double root = root(u[i]);
            gradient[i] = u[i] / root;
            sum += energy(u[i], root);
        }
        return sum;
    }

    private double root(double u) {
        double ratio = u / c;
        return Math.sqrt(1 + ratio * ratio);
    }

    /// `c² (√(1 + u²/c²) − 1)` without the cancellation.
    private static double energy(double u, double root) {
        return u * u / (1 + root);
    }

    @Override
    public void sample(ChainRandom random, double[] u) {
        double touch = Math.sqrt(2 + 1 / (c * c));
        double rate = touch / root(touch);
        double corner = touch - 1 / rate;
        for (int i = 0; i < u.length; i++) {
            double x = draw(random, corner, rate);
            u[i] = random.uniform() < 0.5 ? x : -x;
        }
    }

    private double draw(ChainRandom random, double corner, double rate) {
        while (true) {
            double x = random.uniform() * (corner + 1 / rate);
            double envelope = 0;
            if (x > corner) {
                envelope = -Elementary.log(random.uniform());
                x = corner + envelope / rate;
            }
            if (random.uniform() < Elementary.exp(envelope - energy(x, root(x)))) {
                return x;
            }
        }
    }

    @Override
    public String toString() {
        return "relativistic(" + c + ")";
    }
}
