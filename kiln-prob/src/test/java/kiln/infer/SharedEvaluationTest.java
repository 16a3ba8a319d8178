package kiln.infer;

import static kiln.model.Primitives.plate;
import static kiln.model.Primitives.sample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import kiln.array.NDArray;
import kiln.array.PRNGKey;
import kiln.dist.Cauchy;
import kiln.dist.Normal;
import kiln.infer.mcmc.MCMC;
import kiln.infer.mcmc.NUTS;
import kiln.infer.mcmc.ProgressListener;
import kiln.model.Model;
import org.junit.jupiter.api.Test;

/// One evaluation shared by several threads: the same bits, no allocation, the same draws.
class SharedEvaluationTest {
    private static final int N = 100_000;

    /// Threads 1, 2 and 4, with the Vector API and without: in one process, and in two others.
    @Test
    void everySettingGivesTheSameBits() throws IOException, InterruptedException {
        Process plain = start();
        Process vector = start("--add-modules", "jdk.incubator.vector");
        Map<String, String> here = SharedBits.densities().entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, e -> SharedBits.bits(e.getValue())));
        assertThat(here.values()).allMatch(s -> s.endsWith(" true"));
        check(plain, "false", here);
        check(vector, "true", here);
    }

    private static void check(Process p, String first, Map<String, String> bits) throws IOException, InterruptedException {
        List<String> lines = p.inputReader().lines().toList();
        assertThat(p.waitFor()).isZero();
        assertThat(lines.getFirst()).isEqualTo(first);
        assertThat(lines.stream().skip(1)).hasSize(15).allSatisfy(line -> assertThat(line).isEqualTo(name(line) + " " + bits.get(name(line))));
    }

    private static String name(String line) {
        return line.substring(0, line.indexOf(' '));
    }

    private static Process start(String... options) throws IOException {
        Process p = FreshJvm.of(List.of(options), SharedBits.class).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        p.getOutputStream().close();
        return p;
    }

    private static Model cauchy(NDArray y) {
        return () -> {
            var mu = sample("mu", new Normal(0, 10));
            try (var _ = plate("row", N)) {
                sample("y", new Cauchy(mu, 2), y);
            }
        };
    }

    /// `log p = −μ²/200 − log(10 √(2π)) − Σ log(2π (1 + ((y − μ)/2)²))`, added up in another order.
    @Test
    void theValueIsThatOfTheFormula() {
        double[] y = PRNGKey.key(1).normal(N).toDoubleArray();
        LogDensity density = PosteriorDensity.of(cauchy(NDArray.of(y)), PRNGKey.key(0)).threads(2);
        double mu = 0.3;
        double want = -mu * mu / 200 - Math.log(10 * Math.sqrt(2 * Math.PI));
        double slope = -mu / 100;
        for (double v : y) {
            double z = (v - mu) / 2;
            want -= Math.log(2 * Math.PI) + Math.log1p(z * z);
            slope += z / (1 + z * z);
        }
        double[] gradient = new double[1];
        assertThat(density.valueAndGradient(new double[] {mu}, gradient)).isCloseTo(want, org.assertj.core.data.Percentage.withPercentage(1e-10));
        assertThat(gradient[0]).isCloseTo(slope, org.assertj.core.data.Percentage.withPercentage(1e-9));
    }

    @Test
    void nothingIsAllocated() throws ReflectiveOperationException {
        LogDensity density = PosteriorDensity.of(cauchy(PRNGKey.key(1).normal(N)), PRNGKey.key(0)).threads(3);
        double[] q = {0.1};
        double[] gradient = new double[1];
        var counter = new AllocatedBytes();
        long least = Long.MAX_VALUE;
        // The counter itself costs some boxes, and so does compiling in the meantime; one object an evaluation would be 3200 bytes.
        for (int round = 0; round < 20 && least > 2000; round++) {
            long before = counter.read();
            for (int i = 0; i < 200; i++) {
                density.valueAndGradient(q, gradient);
                density.value(q, gradient);
            }
            least = Math.min(least, counter.read() - before);
        }
        assertThat(least).isLessThanOrEqualTo(2000);
    }

    @Test
    void theDrawsAreTheSame() {
        Model model = cauchy(PRNGKey.key(1).normal(N));
        var mcmc = new MCMC(new NUTS(model)).numWarmup(30).numSamples(20).numChains(1).progress(ProgressListener.NONE);
        double[] alone = mcmc.run(PRNGKey.key(2)).samples("mu").toDoubleArray();
        assertThat(mcmc.evaluationThreads(2).run(PRNGKey.key(2)).samples("mu").toDoubleArray()).isEqualTo(alone);
    }

    @Test
    void noThreadIsTooFew() {
        Model model = cauchy(PRNGKey.key(1).normal(N));
        PosteriorDensity density = PosteriorDensity.of(model, PRNGKey.key(0));
        assertThatThrownBy(() -> density.threads(0)).isInstanceOf(IllegalArgumentException.class).hasMessageStartingWith("""
                threads: an evaluation needs a thread.
                  Expected: a number ≥ 1
                  Got:      0
                """);
        assertThatThrownBy(() -> new MCMC(new NUTS(model)).evaluationThreads(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("evaluationThreads must be ≥ 1.\n  Got:      0");
    }
}
