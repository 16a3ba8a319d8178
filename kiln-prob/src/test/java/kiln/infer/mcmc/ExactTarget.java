package kiln.infer.mcmc;

import java.util.List;
import java.util.function.ToDoubleFunction;
import kiln.infer.LogDensity;
import kiln.math.Elementary;
import kiln.math.Erf;

/// A target that can be drawn from exactly, with statistics whose law is known.
///
/// @param name     for the report
/// @param density  log density and gradient
/// @param draw     turns a generator into an exact draw, by writing it
/// @param scale    its smallest length scale, the unit of a step size
/// @param uniforms statistics of a position that are uniform on (0, 1) under the target
record ExactTarget(String name, LogDensity density, Draw draw, double scale, List<ToDoubleFunction<double[]>> uniforms) {
    /// Writes one exact draw.
    interface Draw {
        void into(double[] q, ChainRandom random);
    }

    static final List<ExactTarget> ALL = List.of(
            new ExactTarget("normal", Targets.gaussian(new double[1], new double[][] {{1}}), (q, r) -> q[0] = r.normal(),
                    1,
                    List.of(q -> Erf.ndtr(q[0]))),
            new ExactTarget("mixture", Targets.mixture(), (q, r) -> q[0] = (r.uniform() < 0.5 ? -2 : 2) + r.normal(),
                    1,
                    List.of(q -> 0.5 * (Erf.ndtr(q[0] + 2) + Erf.ndtr(q[0] - 2)))),
            new ExactTarget("correlated", Targets.gaussian(new double[2], new double[][] {{1 / 0.19, -0.9 / 0.19}, {-0.9 / 0.19, 1 / 0.19}}),
                    (q, r) -> {
                        q[0] = r.normal();
                        q[1] = 0.9 * q[0] + Math.sqrt(0.19) * r.normal();
                    },
                    0.32,
                    List.of(q -> Erf.ndtr(q[0]), q -> Erf.ndtr(q[1]), q -> Erf.ndtr((q[1] - 0.9 * q[0]) / Math.sqrt(0.19)))),
            new ExactTarget("banana", Targets.banana(),
                    (q, r) -> {
                        q[0] = r.normal();
                        q[1] = 0.5 * q[0] * q[0] + r.normal();
                    },
                    0.7,
                    List.of(q -> Erf.ndtr(q[0]), q -> Erf.ndtr(q[1] - 0.5 * q[0] * q[0]))),
            // Four degrees of freedom, whose distribution function is elementary.
            new ExactTarget("Student", Targets.studentT(1, 4),
                    (q, r) -> {
                        double chi2 = 0;
                        for (int i = 0; i < 4; i++) {
                            double z = r.normal();
                            chi2 += z * z;
                        }
                        q[0] = r.normal() / Math.sqrt(chi2 / 4);
                    },
                    1,
                    List.of(q -> {
                        double w = q[0] / Math.sqrt(4 + q[0] * q[0]);
                        return 0.5 + 0.75 * (w - w * w * w / 3);
                    })),
            // The logarithm of an exponential variable: one tail falls like an exponential of an exponential.
            new ExactTarget("log exponential",
                    Targets.of(1, (q, g) -> {
                        double x = Elementary.exp(q[0]);
                        g[0] = 1 - x;
                        return q[0] - x;
                    }),
                    (q, r) -> q[0] = Elementary.log(-Elementary.log(r.uniform())),
                    0.6,
                    List.of(q -> -Elementary.expm1(-Elementary.exp(q[0])))),
            new ExactTarget("funnel",
                    Targets.of(2, (q, g) -> {
                        double p = Elementary.exp(-q[0]);
                        g[0] = -q[0] / 2.25 - 0.5 + 0.5 * p * q[1] * q[1];
                        g[1] = -p * q[1];
                        return -0.5 * q[0] * q[0] / 2.25 - 0.5 * q[0] - 0.5 * p * q[1] * q[1];
                    }),
                    (q, r) -> {
                        q[0] = 1.5 * r.normal();
                        q[1] = Elementary.exp(0.5 * q[0]) * r.normal();
                    },
                    0.6,
                    List.of(q -> Erf.ndtr(q[0] / 1.5), q -> Erf.ndtr(q[1] * Elementary.exp(-0.5 * q[0])))));

    @Override
    public String toString() {
        return name;
    }
}
