package kiln.model;

import static kiln.array.Np.*;
import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import kiln.dist.HalfNormal;
import kiln.dist.Normal;
import org.junit.jupiter.api.Test;

/// What a trace tells about a run.
class TraceTest {
    private static void regression() {
        var a = sample("a", new Normal(0, 10));
        var sigma = sample("sigma", new HalfNormal(1));
        deterministic("twice", a.times(2));
        try (var _ = plate("data", 3)) {
            sample("y", new Normal(a, sigma), array(1, 2, 3));
        }
    }

    @Test
    void printsATable() {
        Trace tr = trace(TraceTest::regression, condition(Map.of("a", 2, "sigma", 1)));
        assertThat(tr.toString()).isEqualTo("""
                site   kind           distribution  batch  event  plates   value       log prob
                a      observed       Normal        []     []              2           -3.2415
                sigma  observed       HalfNormal    []     []              1           -0.7258
                twice  deterministic                []                     4
                data   plate                        [3]
                y      observed       Normal        [3]    []     data[3]  [1. 2. 3.]  -3.7568""");
    }

    @Test
    void addsUpTheDensitiesOfTheSites() {
        Trace tr = trace(TraceTest::regression, seed(0));
        double sum = 0;
        for (var term : tr.logProbs().values()) {
            sum += term.item();
        }
        assertThat(tr.logProb().item()).isEqualTo(sum);
        assertThat(tr.logProbs().keySet()).containsExactly("a", "sigma", "y");
        assertThat(tr.contains("y")).isTrue();
        assertThat(tr.contains("z")).isFalse();
        assertThat(trace(() -> {}).logProb().item()).isEqualTo(0);
    }
}
