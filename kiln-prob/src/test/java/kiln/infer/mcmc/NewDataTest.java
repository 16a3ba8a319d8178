package kiln.infer.mcmc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import kiln.infer.FreshJvm;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What NumPyro's `jit_model_args` promises, and Kiln always does: a model that is run again with other data of the same shape is not compiled again, and its draws are those of a program
/// that has seen no other data.
class NewDataTest {
    /// The log of the JVM says of every class when it was made; the child has seen nothing before. Some programs of a model are made when they are first needed, such as that with all
    /// precautions, where a density is not finite: those of the hierarchy are all there after its second data set.
    ///
    /// @param seen data sets after which there are no more classes
    @ParameterizedTest
    @CsvSource({"regression, 1", "counts, 1", "hierarchy, 2", "recursion, 1", "mixture, 1"})
    void otherDataOfTheSameShapeAreNotCompiledFor(String model, int seen) throws IOException, InterruptedException {
        Process child = FreshJvm.of(List.of("-Xlog:class+load:stdout", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"), NewData.class, model, "1", "2", "3", "4", "5")
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        List<String> lines = child.inputReader().lines().filter(line -> line.contains("kiln.compile.Generated/") || line.startsWith("fit ")).toList();
        assertThat(child.waitFor(60, TimeUnit.SECONDS)).isTrue();
        int last = lines.indexOf(lines.stream().filter(line -> line.startsWith("fit " + seen + " ")).findFirst().orElseThrow());
        assertThat(last).as("classes that the first fits made").isGreaterThan(1);
        assertThat(lines.subList(last + 1, lines.size())).as("what came after them").hasSize(5 - seen).allMatch(line -> line.startsWith("fit "));
        assertThat(lines.getLast()).as("the draws of a process that has seen no other data").isEqualTo("fit 5 " + NewData.fit(model, 5));
        // The model is run, traced and simplified for each data set: what is kept is the code.
        assertThat(lines.stream().filter(line -> line.startsWith("fit ")).map(line -> line.split(" ", 4)[3]).distinct()).hasSize(1);
    }
}
