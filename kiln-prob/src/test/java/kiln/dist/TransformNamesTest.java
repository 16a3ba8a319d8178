package kiln.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;
import kiln.dist.transform.Transform;
import org.junit.jupiter.api.Test;

/// NumPyro's transforms and constraints are all there, under their names in Java case.
class TransformNamesTest {
    /// `numpyro.distributions.transforms.__all__` of 0.21 without `biject_to`, which is [Constraint#bijection] here.
    private static final String TRANSFORMS =
            """
            AbsTransform AffineTransform CholeskyTransform ComplexTransform ComposeTransform CorrCholeskyTransform
            CorrMatrixCholeskyTransform DiscreteCosineTransform ExpTransform HaarTransform IdentityTransform L1BallTransform
            LowerCholeskyAffine LowerCholeskyTransform PackRealFastFourierCoefficientsTransform PermuteTransform PowerTransform
            RealFastFourierTransform ReshapeTransform ScaledUnitLowerCholeskyTransform SigmoidTransform
            SimplexToOrderedTransform SoftplusLowerCholeskyTransform SoftplusTransform StickBreakingTransform Transform
            UnpackTransform ZeroSumTransform
            """;

    /// Those that NumPyro has without exporting them there, the flows among them.
    private static final String MORE =
            """
            IndependentTransform OrderedTransform RecursiveLinearTransform InverseAutoregressiveTransform
            BlockNeuralAutoregressiveTransform
            """;

    /// The 35 names of `numpyro.distributions.constraints.__all__` of 0.21, but for the base class `Constraint`, which is an interface here, and
    /// `is_dependent`, which asks for one of the sets: 33 sets.
    private static final String CONSTRAINTS =
            """
            boolean circular complex corr_cholesky corr_matrix dependent greater_than greater_than_eq integer_greater_than
            integer_interval interval l1_ball less_than lower_cholesky multinomial nonnegative nonnegative_integer
            ordered_vector positive positive_definite positive_semidefinite positive_definite_circulant_vector positive_integer
            real real_vector real_matrix scaled_unit_lower_cholesky simplex softplus_lower_cholesky softplus_positive sphere
            unit_interval zero_sum
            """;

    /// The sets that NumPyro has without exporting them.
    private static final String MORE_CONSTRAINTS = "less_than_eq independent open_interval positive_ordered_vector";

    /// `boolean` is a word of Java, and NumPyro's name of the other says > where it means ≥.
    private static final Map<String, String> RENAMED = Map.of("boolean", "boolean_", "integerGreaterThan", "integerAtLeast");

    private static List<String> names(String text) {
        return List.of(text.strip().split("\\s+"));
    }

    @Test
    void everyTransformIsThere() throws ReflectiveOperationException {
        assertThat(names(TRANSFORMS)).hasSize(28);
        Set<String> ours = new TreeSet<>();
        for (String name : Stream.of(TRANSFORMS, MORE).flatMap(t -> names(t).stream()).toList()) {
            assertThat(Class.forName("kiln.dist.transform." + name).isInterface()).isEqualTo(name.equals("Transform"));
            ours.add(name);
        }
        System.out.println("28 transforms that NumPyro exports, " + names(MORE).size() + " that it does not; Kiln's own: InverseTransform, "
                + "SplineTransform, SplineCouplingTransform");
        assertThat(Transform.class.isInterface()).isTrue();
        assertThat(ours).hasSize(33);
    }

    @Test
    void everyConstraintIsThere() {
        Set<String> ours = Stream.concat(
                        Arrays.stream(Constraints.class.getFields()).map(f -> f.getName()),
                        Arrays.stream(Constraints.class.getMethods())
                                .filter(m -> Modifier.isStatic(m.getModifiers()) && m.getReturnType() == Constraint.class)
                                .map(m -> m.getName()))
                .collect(Collectors.toSet());
        assertThat(names(CONSTRAINTS)).hasSize(35 - 2);
        List<String> wanted = Stream.of(CONSTRAINTS, MORE_CONSTRAINTS)
                .flatMap(t -> names(t).stream())
                .map(TransformNamesTest::camel)
                .map(n -> RENAMED.getOrDefault(n, n))
                .toList();
        assertThat(ours).containsAll(wanted);
        System.out.println("35 constraints that NumPyro exports (33 sets, the base class, is_dependent), " + names(MORE_CONSTRAINTS).size()
                + " sets that it does not; Kiln's own: integer");
    }

    private static String camel(String name) {
        return Pattern.compile("_(.)").matcher(name).replaceAll(letter -> letter.group(1).toUpperCase(Locale.ROOT));
    }
}
