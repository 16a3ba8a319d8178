package kiln.infer.program;

import static kiln.model.Primitives.*;

import kiln.array.NDArray;
import kiln.dist.Bernoulli;
import kiln.dist.Normal;
import kiln.dist.Poisson;

/// Models whose sites vary from run to run, with their exact answers.
final class Programs {
    private Programs() {}

    // ---- recursion: a geometric number by coin flips, seen with noise

    static void geometric() {
        sample("y", new Normal(flips(0), 1.5), 3.2);
    }

    private static int flips(int i) {
        return sample("flip_" + i, new Bernoulli(0.6)).isTrue() ? 1 + flips(i + 1) : 0;
    }

    /// The joint density of `n` heads and the observation.
    static double geometricJoint(int n) {
        return Math.pow(0.6, n) * 0.4 * normal(3.2, n, 1.5);
    }

    static double heads(Execution e) {
        return e.values().values().stream().filter(NDArray::isTrue).count();
    }

    // ---- a loop as long as a draw says: a random number of normal steps

    static void steps() {
        int n = (int) sample("n", new Poisson(3)).item();
        var sum = NDArray.as(0.0);
        for (int i = 0; i < n; i++) {
            sum = sum.plus(sample("step_" + i, new Normal(1, 1)));
        }
        sample("y", new Normal(sum, 1), 4.5);
        sample("z", new Normal(n, 2), 5.0);
    }

    /// The joint density of `n` steps and the observations: the sum of the steps is normal.
    static double stepsJoint(int n) {
        double poisson = Math.exp(-3);
        for (int i = 1; i <= n; i++) {
            poisson *= 3.0 / i;
        }
        return poisson * normal(4.5, n, Math.sqrt(n + 1)) * normal(5, n, 2);
    }

    // ---- exact answers

    static double normal(double x, double mean, double sd) {
        double z = (x - mean) / sd;
        return Math.exp(-0.5 * z * z) / (sd * Math.sqrt(2 * Math.PI));
    }

    interface Joint {
        double at(int n);
    }

    /// Beyond 400 the terms are below 1e-80.
    static double evidence(Joint joint) {
        double sum = 0;
        for (int n = 0; n <= 400; n++) {
            sum += joint.at(n);
        }
        return sum;
    }

    static double mean(Joint joint) {
        double sum = 0;
        for (int n = 0; n <= 400; n++) {
            sum += n * joint.at(n);
        }
        return sum / evidence(joint);
    }
}
