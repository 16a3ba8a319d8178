package kiln.bench.heldout;

import static kiln.array.Np.*;

import java.util.stream.IntStream;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.dist.Normal;
import kiln.dist.Uniform;

/// Covariates and levels of factors.
final class Design {
    private Design() {}

    /// {@return standard normal covariates}
    static NDArray normals(PRNGKey key, int... dims) {
        return new Normal(0, 1).sample(key, Shape.of(dims));
    }

    /// {@return standard normal covariates with a common part, so that two of them have a correlation of r; shape `[rows, count]`}
    static NDArray correlated(PRNGKey key, int rows, int count, double r) {
        PRNGKey[] keys = key.split();
        return normals(keys[0], rows, count).times(Math.sqrt(1 - r)).plus(normals(keys[1], rows, 1).times(Math.sqrt(r)));
    }

    /// {@return the powers 1 to `degree` of numbers uniform in (−1, 1), shape `[rows, degree]`}
    static NDArray powers(PRNGKey key, int rows, int degree) {
        NDArray x = new Uniform(-1, 1).sample(key, Shape.of(rows));
        return stack(IntStream.rangeClosed(1, degree).mapToObj(k -> pow(x, k)).toList(), 1);
    }

    /// {@return the cosines `cos(π k t)`, k = 1 to `count`, of times evenly spread over (0, 1), shape `[rows, count]`}
    static NDArray cosines(int rows, int count) {
        NDArray t = arange(rows).astype(DType.FLOAT64).plus(0.5).div(rows);
        return stack(IntStream.rangeClosed(1, count).mapToObj(k -> cos(t.times(Math.PI * k))).toList(), 1);
    }

    /// {@return the level of each row, all equally often as far as they can be}
    static NDArray evenly(int rows, int levels) {
        return NDArray.of(IntStream.range(0, rows).map(i -> i % levels).toArray());
    }

    /// {@return the level of each row: the first of J has √J of J rows, the last about half a row}
    static NDArray unevenly(int rows, int levels) {
        return NDArray.of(IntStream.range(0, rows).map(i -> {
            double u = (i + 0.5) / rows;
            return (int) (levels * u * u);
        }).toArray());
    }

    /// {@return the level of each row, drawn}
    static NDArray randomly(PRNGKey key, int rows, int levels) {
        return floor(new Uniform(0, levels).sample(key, Shape.of(rows))).astype(DType.INT64);
    }
}
