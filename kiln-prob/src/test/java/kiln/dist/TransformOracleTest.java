package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;
import kiln.dist.transform.AbsTransform;
import kiln.dist.transform.AffineTransform;
import kiln.dist.transform.CholeskyTransform;
import kiln.dist.transform.ComplexTransform;
import kiln.dist.transform.ComposeTransform;
import kiln.dist.transform.CorrCholeskyTransform;
import kiln.dist.transform.CorrMatrixCholeskyTransform;
import kiln.dist.transform.DiscreteCosineTransform;
import kiln.dist.transform.ExpTransform;
import kiln.dist.transform.HaarTransform;
import kiln.dist.transform.IdentityTransform;
import kiln.dist.transform.IndependentTransform;
import kiln.dist.transform.L1BallTransform;
import kiln.dist.transform.LowerCholeskyAffine;
import kiln.dist.transform.LowerCholeskyTransform;
import kiln.dist.transform.OrderedTransform;
import kiln.dist.transform.PackRealFastFourierCoefficientsTransform;
import kiln.dist.transform.PermuteTransform;
import kiln.dist.transform.PowerTransform;
import kiln.dist.transform.RealFastFourierTransform;
import kiln.dist.transform.RecursiveLinearTransform;
import kiln.dist.transform.ReshapeTransform;
import kiln.dist.transform.ScaledUnitLowerCholeskyTransform;
import kiln.dist.transform.SigmoidTransform;
import kiln.dist.transform.SimplexToOrderedTransform;
import kiln.dist.transform.SoftplusLowerCholeskyTransform;
import kiln.dist.transform.SoftplusTransform;
import kiln.dist.transform.StickBreakingTransform;
import kiln.dist.transform.Transform;
import kiln.dist.transform.UnpackTransform;
import kiln.dist.transform.ZeroSumTransform;
import kiln.func.Functions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Transforms and the bijections of constraints: values, log determinants and their derivatives, round trips, compiled code.
class TransformOracleTest {
    /// A scale that is no double has a logarithm: `Σᵢ (i log sᵢ + log σ(dᵢ))` with `log s = log σ = d` for d far below 0.
    @Test
    void aScaleThatIsNoDoubleHasALogarithm() {
        NDArray x = NDArray.of(0.5, -3000, -800);
        var transform = new ScaledUnitLowerCholeskyTransform();
        assertThat(transform.logAbsDetJacobian(x, transform.call(x)).item()).isEqualTo(-800 - 3000 - 800);
    }

    @TestFactory
    Stream<DynamicTest> everyRecord() {
        return Oracle.records("transforms.json").stream()
                .map(r -> DynamicTest.dynamicTest(
                        r.get("id").asInt() + " " + r.get("kind").asText() + " " + r.get("name").asText() + " " + r.get("params"),
                        () -> check(r)));
    }

    private static void check(JsonNode r) {
        boolean bijection = r.get("kind").asText().equals("biject_to");
        JsonNode params = r.get("params");
        if (r.get("name").asText().equals("UnpackTransform")) {
            unpack(r);
            return;
        }
        Transform t = bijection ? constraint(r.get("name").asText(), params).bijection() : transform(r.get("name").asText(), params);
        NDArray x = Oracle.array(r.get("x")).times(1.0);
        NDArray y = t.call(x);
        var wrong = new ArrayList<String>();
        compare(wrong, "y", y, r.get("y"), 1e-11);
        assertThat(t.forwardShape(x.shape())).isEqualTo(y.shape());
        assertThat(t.inverseShape(y.shape())).isEqualTo(x.shape());

        NDArray exact = Oracle.array(r.get("y")).times(1.0);
        if (!r.get("log_abs_det_jacobian").isNull()) {
            compare(wrong, "log |det|", t.logAbsDetJacobian(x, y), r.get("log_abs_det_jacobian"), 1e-11);
        }
        if (r.get("log_abs_det_jacobian").isNull()) {
            assertThat(wrong).isEmpty();
            return;
        }
        if (r.has("dladj_dx")) {
            NDArray slope = Functions.grad((NDArray p) -> t.logAbsDetJacobian(p, t.call(p)).sum()).apply(x);
            compare(wrong, "slope of log |det|", slope, r.get("dladj_dx"), 1e-11);
        }
        roundTrip(wrong, t, x, exact);
        NDArray compiled = Functions.jit((NDArray p) -> t.logAbsDetJacobian(p, t.call(p)).sum()).apply(x);
        double eager = t.logAbsDetJacobian(x, y).sum().item();
        if (!(Math.abs(compiled.item() - eager) <= 1e-13 * Math.max(1, Math.abs(eager)))) {
            wrong.add("compiled " + compiled + ", interpreted " + eager);
        }
        if (bijection) {
            Constraint set = constraint(r.get("name").asText(), params);
            assertThat(Np.all(set.check(y)).isTrue()).as("the image lies in the set").isTrue();
            assertThat(Np.all(set.check(set.feasibleLike(y))).isTrue()).as("feasible values lie in the set").isTrue();
            assertThat(t.codomain().eventDim()).isEqualTo(set.eventDim());
        }
        assertThat(wrong).isEmpty();
    }

    /// The one transform onto a structure of arrays: a, the first two numbers, and b, the last three.
    private static void unpack(JsonNode r) {
        record Parts(NDArray a, NDArray b) {}
        var t = UnpackTransform.like(new Parts(Np.zeros(2), Np.zeros(3)));
        NDArray x = Oracle.array(r.get("x"));
        Parts y = t.call(x);
        assertThat(y.a().shape()).isEqualTo(Shape.of(2));
        assertThat(Np.concatenate(List.of(y.a(), y.b()), 0).toDoubleArray()).containsExactly(Oracle.array(r.get("y")).toDoubleArray());
        assertThat(t.inverse(y).toDoubleArray()).containsExactly(x.toDoubleArray());
        assertThat(t.logAbsDetJacobian(x, y).item()).isEqualTo(r.get("log_abs_det_jacobian").asDouble());
        assertThat(Functions.grad((NDArray p) -> t.logAbsDetJacobian(p, t.call(p))).apply(x).toDoubleArray())
                .containsExactly(Oracle.array(r.get("dladj_dx")).toDoubleArray());
        assertThat(t.domain()).isEqualTo(Constraints.realVector);
    }

    /// `inverse(call(x)) = x` as far as y determines x: an error of one ulp in y moves x by dx/dy · ulp(y).
    private static void roundTrip(List<String> wrong, Transform t, NDArray x, NDArray y) {
        NDArray back = t.call(t.inverse(y));
        for (int i = 0; i < y.size(); i++) {
            double want = y.toDoubleArray()[i];
            double got = back.toDoubleArray()[i];
            if (!(Math.abs(got - want) <= 1e-11 * Math.max(Math.abs(want), 1e-3))) {
                wrong.add("call(inverse(y))[" + i + "] = " + got + ", not " + want);
            }
        }
        NDArray sum = t.inv().logAbsDetJacobian(y, x).plus(t.logAbsDetJacobian(x, y));
        assertThat(sum.toDoubleArray()).containsOnly(0);
    }

    private static void compare(List<String> wrong, String what, NDArray got, JsonNode want, double relative) {
        double[] g = got.toDoubleArray();
        double[] w = Oracle.numbers(want, g.length);
        assertThat(g).as(what).hasSameSizeAs(w);
        for (int i = 0; i < w.length; i++) {
            // A 0 that the record has but for the last of its 60 digits is one to a few ulp of the terms that cancel, whose size is 1.
            double room = Math.abs(w[i]) < 1e-58 ? 4 * 0x1p-53 : relative * Math.abs(w[i]);
            boolean same = Double.compare(g[i], w[i]) == 0 || Math.abs(g[i] - w[i]) <= room;
            if (!same) {
                wrong.add(what + "[" + i + "] = " + g[i] + ", not " + w[i]);
            }
        }
    }

    private static Transform transform(String name, JsonNode p) {
        return switch (name) {
            case "AffineTransform" -> new AffineTransform(p.get("loc").asDouble(), p.get("scale").asDouble());
            case "ExpTransform" -> new ExpTransform();
            case "SigmoidTransform" -> new SigmoidTransform();
            case "SoftplusTransform" -> new SoftplusTransform();
            case "IdentityTransform" -> new IdentityTransform();
            case "PowerTransform" -> new PowerTransform(p.get("exponent").asDouble());
            case "OrderedTransform" -> new OrderedTransform();
            case "StickBreakingTransform" -> new StickBreakingTransform();
            case "LowerCholeskyTransform" -> new LowerCholeskyTransform();
            case "CholeskyTransform" -> new CholeskyTransform();
            case "CorrCholeskyTransform" -> new CorrCholeskyTransform();
            case "CorrMatrixCholeskyTransform" -> new CorrMatrixCholeskyTransform();
            case "L1BallTransform" -> new L1BallTransform();
            case "SoftplusLowerCholeskyTransform" -> new SoftplusLowerCholeskyTransform();
            case "ScaledUnitLowerCholeskyTransform" -> new ScaledUnitLowerCholeskyTransform();
            case "ZeroSumTransform" -> new ZeroSumTransform(p.get("transform_ndims").asInt());
            case "ComplexTransform" -> new ComplexTransform();
            case "PackRealFastFourierCoefficientsTransform" ->
                new PackRealFastFourierCoefficientsTransform(p.get("transform_shape").get(0).asInt());
            case "RealFastFourierTransform" -> new RealFastFourierTransform(shape(p.get("transform_shape")));
            case "AbsTransform" -> new AbsTransform();
            case "DiscreteCosineTransform" -> new DiscreteCosineTransform(p.get("dim").asInt(), p.get("smooth").asDouble());
            case "HaarTransform" -> new HaarTransform(p.get("dim").asInt(), p.get("flip").asBoolean());
            case "LowerCholeskyAffine" -> new LowerCholeskyAffine(Oracle.array(p.get("loc")), Oracle.array(p.get("scale_tril")));
            case "PermuteTransform" -> new PermuteTransform(Oracle.array(p.get("permutation")));
            case "RecursiveLinearTransform" -> p.has("initial_value")
                    ? new RecursiveLinearTransform(Oracle.array(p.get("transition_matrix")), Oracle.array(p.get("initial_value")))
                    : new RecursiveLinearTransform(Oracle.array(p.get("transition_matrix")));
            case "ReshapeTransform" -> new ReshapeTransform(shape(p.get("forward_shape")), shape(p.get("inverse_shape")));
            case "SimplexToOrderedTransform" -> new SimplexToOrderedTransform(p.get("anchor_point").asDouble());
            case "ComposeTransform" -> {
                List<Transform> parts = new ArrayList<>();
                p.get("parts").forEach(q -> parts.add(transform(q.get("name").asText(), q.get("params"))));
                yield new ComposeTransform(parts);
            }
            case "IndependentTransform" -> {
                JsonNode base = p.get("base_transform");
                yield new IndependentTransform(
                        transform(base.get("name").asText(), base.get("params")), p.get("reinterpreted_batch_ndims").asInt());
            }
            default -> throw new IllegalArgumentException("unknown transform " + name);
        };
    }

    private static Shape shape(JsonNode dims) {
        return Shape.of(java.util.stream.StreamSupport.stream(dims.spliterator(), false).mapToInt(JsonNode::asInt).toArray());
    }

    private static final Map<String, Constraint> MORE = Map.of(
            "circular", Constraints.circular,
            "corr_cholesky", Constraints.corrCholesky,
            "corr_matrix", Constraints.corrMatrix,
            "l1_ball", Constraints.l1Ball,
            "positive_ordered_vector", Constraints.positiveOrderedVector,
            "positive_semidefinite", Constraints.positiveSemidefinite,
            "scaled_unit_lower_cholesky", Constraints.scaledUnitLowerCholesky,
            "softplus_lower_cholesky", Constraints.softplusLowerCholesky,
            "softplus_positive", Constraints.softplusPositive);

    private static final Map<String, Constraint> PLAIN = Map.of(
            "real", Constraints.real,
            "positive", Constraints.positive,
            "nonnegative", Constraints.nonnegative,
            "unit_interval", Constraints.unitInterval,
            "real_vector", Constraints.realVector,
            "real_matrix", Constraints.realMatrix,
            "simplex", Constraints.simplex,
            "ordered_vector", Constraints.orderedVector,
            "lower_cholesky", Constraints.lowerCholesky,
            "positive_definite", Constraints.positiveDefinite);

    private static Constraint constraint(String name, JsonNode p) {
        Constraint plain = PLAIN.getOrDefault(name, MORE.get(name));
        if (plain != null) {
            return plain;
        }
        return switch (name) {
            case "greater_than" -> Constraints.greaterThan(p.get("lower_bound").asDouble());
            case "greater_than_eq" -> Constraints.greaterThanEq(p.get("lower_bound").asDouble());
            case "less_than_eq" -> Constraints.lessThanEq(p.get("upper_bound").asDouble());
            case "open_interval" -> Constraints.openInterval(p.get("lower_bound").asDouble(), p.get("upper_bound").asDouble());
            case "zero_sum" -> Constraints.zeroSum(p.get("event_dim").asInt());
            case "less_than" -> Constraints.lessThan(p.get("upper_bound").asDouble());
            case "interval" -> Constraints.interval(p.get("lower_bound").asDouble(), p.get("upper_bound").asDouble());
            case "independent" -> Constraints.independent(
                    constraint(p.get("base_constraint").asText(), p), p.get("reinterpreted_batch_ndims").asInt());
            default -> throw new IllegalArgumentException("unknown constraint " + name);
        };
    }

    /// The event of a composition is as large as its largest part needs.
    @org.junit.jupiter.api.Test
    void eventsOfACompositionGrow() {
        var t = ComposeTransform.of(new ExpTransform(), new OrderedTransform());
        assertThat(t.domain().eventDim()).isEqualTo(1);
        assertThat(t.codomain().eventDim()).isEqualTo(1);
        NDArray x = NDArray.of(new double[][] {{0.1, 0.2, -0.3}, {1, 0, 2}});
        NDArray inner = new OrderedTransform().logAbsDetJacobian(Np.exp(x), t.call(x));
        assertThat(t.logAbsDetJacobian(x, t.call(x)).toDoubleArray()).containsExactly(x.sum(-1).plus(inner).toDoubleArray());
        assertThat(t.logAbsDetJacobian(x, t.call(x)).shape()).isEqualTo(Shape.of(2));
    }
}
