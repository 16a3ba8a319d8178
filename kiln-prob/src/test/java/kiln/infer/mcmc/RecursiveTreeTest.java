package kiln.infer.mcmc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import kiln.infer.LogDensity;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The iterative tree against the recursive definition of the transition (Betancourt 2017, appendix A, with the additional tests), with the same random numbers:
/// copies instead of recycled points, logarithms instead of scaled weights.
class RecursiveTreeTest {
    /// From `scale` far out the energy falls by thousands within one trajectory: the weights are rescaled on the way.
    @ParameterizedTest
    @ValueSource(doubles = {1, 30, 300})
    void sameDrawsAsTheRecursion(double scale) {
        LogDensity density = Targets.gaussian(new double[5], Targets.autoregressivePrecision(5, 0.8));
        Metric metric = Metric.diagonal(0.5, 1, 2, 1, 3);
        int deepest = 0;
        for (int seed = 0; seed < 400; seed++) {
            double[] q = new double[5];
            ChainRandom start = new ChainRandom(900 + seed);
            for (int i = 0; i < 5; i++) {
                q[i] = scale * start.normal();
            }
            double eps = 0.02 + 0.9 * start.uniform();
            Chain chain = new NUTS().stepSize(eps).inverseMassMatrix(metric).maxTreeDepth(7).start(density, q, seed, 0);
            double[] draw = new double[5];
            chain.next(draw);
            Reference want = new Reference(density, metric, eps, new ChainRandom(seed), q);
            want.transition(7);
            assertThat(chain.numSteps()).isEqualTo(want.leaps);
            assertThat(chain.treeDepth()).isEqualTo(want.depth);
            assertThat(chain.diverging()).isEqualTo(want.divergent);
            assertThat(chain.acceptProb()).isCloseTo(want.acceptSum / want.leaps, within(1e-9));
            assertThat(chain.energy()).isEqualTo(want.sample.energy);
            assertThat(draw).isEqualTo(want.sample.position);
            deepest = Math.max(deepest, want.depth);
        }
        assertThat(deepest).isGreaterThanOrEqualTo(5);
    }

    /// A subtree of the reference, in the order of building.
    private record Tree(PhasePoint first, PhasePoint last, PhasePoint proposal, Sum rho, double logWeight, boolean valid) {}

    /// Sum of momenta.
    private static final class Sum {
        final double[] r;

        Sum(double[] r) {
            this.r = r;
        }

        Sum plus(double[] other) {
            double[] s = r.clone();
            for (int i = 0; i < s.length; i++) {
                s[i] += other[i];
            }
            return new Sum(s);
        }
    }

    private static final class Reference {
        private final LogDensity density;
        private final Metric metric;
        private final double eps;
        private final ChainRandom random;
        private final PhasePoint start;
        private double initialEnergy;
        private PhasePoint end;
        int leaps;
        int depth;
        boolean divergent;
        double acceptSum;
        PhasePoint sample;

        Reference(LogDensity density, Metric metric, double eps, ChainRandom random, double[] q) {
            this.density = density;
            this.metric = metric;
            this.eps = eps;
            this.random = random;
            start = new PhasePoint(q.length);
            System.arraycopy(q, 0, start.position, 0, q.length);
            start.logDensity = density.valueAndGradient(start.position, start.gradient);
            sample = start;
            end = start;
        }

        void transition(int maxDepth) {
            start.refresh(metric, random);
            initialEnergy = start.energy;
            PhasePoint forward = start;
            PhasePoint backward = start;
            Sum rho = new Sum(start.momentum);
            double logWeight = 0;
            boolean goOn = true;
            while (goOn && depth < maxDepth) {
                boolean isForward = random.uniform() > 0.5;
                PhasePoint inner = isForward ? forward : backward;
                PhasePoint outer = isForward ? backward : forward;
                end = inner;
                Tree t = build(depth, isForward ? 1 : -1);
                if (!t.valid) {
                    break;
                }
                depth++;
                if (t.logWeight > logWeight || random.uniform() < StrictMath.exp(t.logWeight - logWeight)) {
                    sample = t.proposal;
                }
                logWeight = logSum(logWeight, t.logWeight);
                goOn = criterion(outer, t.last, rho.plus(t.rho.r))
                        && criterion(outer, t.first, rho.plus(t.first.momentum))
                        && criterion(inner, t.last, t.rho.plus(inner.momentum));
                rho = rho.plus(t.rho.r);
                if (isForward) {
                    forward = t.last;
                } else {
                    backward = t.last;
                }
            }
        }

        private Tree build(int level, int sign) {
            if (level == 0) {
                PhasePoint next = new PhasePoint(start.position.length);
                LeapFrog.step(density, metric, sign * eps, end, next);
                end = next;
                leaps++;
                double h = next.energy;
                divergent |= h - initialEnergy > 1000;
                acceptSum += Math.min(1, StrictMath.exp(initialEnergy - h));
                return new Tree(next, next, next, new Sum(next.momentum), initialEnergy - h, !divergent);
            }
            Tree a = build(level - 1, sign);
            if (!a.valid) {
                return a;
            }
            Tree b = build(level - 1, sign);
            if (!b.valid) {
                return b;
            }
            double logWeight = logSum(a.logWeight, b.logWeight);
            PhasePoint proposal = random.uniform() < StrictMath.exp(b.logWeight - logWeight) ? b.proposal : a.proposal;
            boolean valid = criterion(a.first, b.last, a.rho.plus(b.rho.r))
                    && criterion(a.first, b.first, a.rho.plus(b.first.momentum))
                    && criterion(a.last, b.last, b.rho.plus(a.last.momentum));
            return new Tree(a.first, b.last, proposal, a.rho.plus(b.rho.r), logWeight, valid);
        }

        private static boolean criterion(PhasePoint a, PhasePoint b, Sum rho) {
            double x = 0;
            double y = 0;
            for (int i = 0; i < rho.r.length; i++) {
                x += a.velocity[i] * rho.r[i];
                y += b.velocity[i] * rho.r[i];
            }
            return x > 0 && y > 0;
        }

        private static double logSum(double a, double b) {
            double max = Math.max(a, b);
            return max + StrictMath.log1p(StrictMath.exp(-Math.abs(a - b)));
        }
    }
}
