package kiln.infer.inspect;

import static kiln.array.Np.*;
import static kiln.infer.inspect.Inspect.getDependencies;
import static kiln.model.Primitives.*;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import kiln.array.Index;
import kiln.array.NDArray;
import kiln.dist.BernoulliLogits;
import kiln.dist.Categorical;
import kiln.dist.Delta;
import kiln.dist.Dirichlet;
import kiln.dist.LogNormal;
import kiln.dist.Normal;
import kiln.dist.Poisson;
import kiln.model.Model;
import org.junit.jupiter.api.Test;

/// The tables of NumPyro's own tests of `get_dependencies`.
class DependenciesTest {
    /// Reads `a: a b{p}; b: b` as maps of maps.
    private static Map<String, Map<String, Set<String>>> table(String text) {
        Map<String, Map<String, Set<String>>> out = new LinkedHashMap<>();
        for (String entry : text.split(";", -1)) {
            String[] parts = entry.strip().split(": ?", -1);
            Map<String, Set<String>> up = new LinkedHashMap<>();
            for (String one : parts[1].strip().split(" ", -1)) {
                String[] named = one.split("[{}]", -1);
                up.put(named[0], named.length == 1 ? Set.of() : new LinkedHashSet<>(Arrays.asList(named[1].split(","))));
            }
            out.put(parts[0], up);
        }
        return out;
    }

    private static void check(Model model, String prior, String posterior) {
        Dependencies d = getDependencies(model);
        assertThat(d.prior()).isEqualTo(table(prior));
        assertThat(d.posterior()).isEqualTo(table(posterior));
    }

    @Test
    void theExamplesOfTheDocumentation() {
        check(() -> {
            NDArray a = sample("a", new Normal(0, 1));
            sample("b", new Normal(a, 1), 0);
        }, "a: a; b: a b", "a: a b");
        check(() -> {
            NDArray a = sample("a", new Normal(0, 1));
            NDArray b = sample("b", new LogNormal(0, 1));
            NDArray c = sample("c", new Normal(a, b));
            sample("d", new Normal(c, 1), 0);
        }, "a: a; b: b; c: a b c; d: c d", "a: a b c; b: b c; c: c d");
        check(() -> {
            NDArray a;
            try (var _ = plate("p", 5)) {
                a = sample("a", new Normal(0, 1));
            }
            sample("b", new Normal(a.sum(), 1), 0);
        }, "a: a; b: a b", "a: a{p} b");
    }

    /// NumPyro's version of this test expects a missing edge from d to h, which `stop_gradient` hides from it; here it is found.
    @Test
    void deterministicSitesAndDeltasAreLookedThrough() {
        check(() -> {
            NDArray a = sample("a", new Normal(0, 1));
            NDArray b = sample("b", new Normal(a, 1));
            NDArray c = sample("c", new Normal(b, 1));
            NDArray d = sample("d", new Normal(a, exp(c)));
            NDArray e = sample("e", new Normal(0, 1));
            NDArray f = sample("f", new Normal(0, 1));
            sample("g", new BernoulliLogits(e.plus(f)), 0);
            try (var _ = plate("p", 3)) {
                NDArray h = sample("h", new Normal(c, exp(kiln.func.Functions.stopGradient(d))));
                NDArray i = deterministic("i", h.plus(1));
                NDArray j = sample("j", new Delta(i), i);
                sample("k", new Normal(a, exp(j)), array(1, 2, 3));
            }
        },
                "a: a; b: b a; c: c b; d: d c a; e: e; f: f; g: g e f; h: h c d; k: k a h",
                "a: a b c d h k; b: b c; c: c d h; d: d h; e: e g f; f: f g; h: h k");
    }

    @Test
    void factorsAndDiscreteSites() {
        check(() -> {
            NDArray a = sample("a", new Normal(0, 1));
            factor("b", 0);
            factor("c", a);
        }, "a: a; b: b; c: c a", "a: a c");
        check(() -> {
            NDArray a = sample("a", new Dirichlet(ones(3)));
            NDArray b = sample("b", new Categorical(a));
            NDArray c = sample("c", new Normal(zeros(3), 1).toEvent(1));
            NDArray d = sample("d", new Poisson(exp(c.get(Index.at(b)))));
            sample("e", new Normal(d, 1), 1);
        }, "a: a; b: a b; c: c; d: b c d; e: d e", "a: a b; b: b c d; c: c d; d: d e");
    }

    @Test
    void copiesOfAPlateThatMeetInASite() {
        check(() -> {
            NDArray x;
            NDArray y;
            try (var _ = plate("p", 2)) {
                x = sample("x", new Normal(0, 1));
                y = sample("y", new Normal(0, 1));
            }
            sample("z", new Normal(x.sum(), exp(y.sum())), 1);
        }, "x: x; y: y; z: z x y", "x: x{p} y{p} z; y: y{p} z");
        check(() -> {
            NDArray x;
            try (var _ = plate("i", 3, dim(-2)); var _ = plate("j", 2, dim(-1))) {
                x = sample("x", new Normal(0, 1));
            }
            try (var _ = plate("i", 3, dim(-2))) {
                sample("y", new Normal(x.sum(-1).reshape(3, 1), 1), zeros(3, 1));
            }
            try (var _ = plate("j", 2, dim(-1))) {
                sample("z", new Normal(x.sum(-2), 1), zeros(2));
            }
        }, "x: x; y: y x; z: z x", "x: x{i,j} y z");
        check(() -> {
            NDArray w = sample("w", new Normal(0, 1));
            try (var _ = plate("p", 2)) {
                NDArray x = sample("x", new Normal(0, 1));
                NDArray y = sample("y", new Normal(0, 1));
                sample("z", new Normal(w.plus(x).plus(y), 1), zeros(2));
            }
        }, "w: w; x: x; y: y; z: w x y z", "w: w x y z; x: x y z; y: y z");
    }

    @Test
    void nestedAndCrossedPlates() {
        check(() -> {
            NDArray x;
            NDArray y;
            try (var _ = plate("i", 3, dim(-2))) {
                x = sample("x", new Normal(0, 1));
            }
            try (var _ = plate("j", 2, dim(-1))) {
                y = sample("y", new Normal(0, 1));
            }
            try (var _ = plate("i", 3, dim(-2)); var _ = plate("j", 2, dim(-1))) {
                sample("z", new Normal(x, exp(y)), zeros(3, 2));
            }
        }, "x: x; y: y; z: x y z", "x: x y z; y: y z");
        check(() -> {
            NDArray c;
            try (var _ = plate("i", 2, dim(-1))) {
                NDArray a;
                NDArray b;
                try (var _ = plate("j", 3, dim(-2))) {
                    a = sample("a", new Normal(0, 1));
                }
                try (var _ = plate("k", 3, dim(-2))) {
                    b = sample("b", new Normal(0, 1));
                }
                c = sample("c", new Normal(a.sum(0).plus(b.sum()), 1));
            }
            sample("d", new Normal(c.sum(), 1), 0);
        }, "a: a; b: b; c: c a b; d: d c", "a: a{j} b c; b: b{k} c; c: c{i} d");
    }
}
