package usertest;

import static kiln.model.Handlers.*;
import static kiln.model.Primitives.*;

import java.util.Map;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.ShapeException;
import kiln.dist.Normal;
import kiln.func.Carried;
import kiln.model.HandlerException;
import kiln.model.Model;
import org.junit.jupiter.api.Test;

/// What a user reads when a scan with statements inside does not work, word for word.
class ScanErrorsTest {
    private final UserLine at = new UserLine();

    private static Carried<NDArray, NDArray> walk(NDArray before) {
        NDArray z = sample("z", new Normal(before, 1));
        return new Carried<>(z, z);
    }

    @Test
    void aPlateAroundAScan() {
        Model m = () -> {
            try (var _ = plate("unit", 3)) {
                at.here(); scan(ScanErrorsTest::walk, Np.scalar(0.0), 4);
            }
        };
        at.fails(() -> trace(m, seed(0)), HandlerException.class, """
                scan: a scan cannot stand inside a plate.
                  Got:      plate unit[3] opened at ScanErrorsTest.java:28
                  At:       ScanErrorsTest.java:%line
                  Fix:      open the plate inside the scan, around the statements of a step.""");
    }

    @Test
    void aScanInsideAScan() {
        Model m = () -> scan(
                (NDArray c) -> {
                    at.here(); scan(ScanErrorsTest::walk, c, 2);
                    return Carried.of(c);
                },
                Np.scalar(0.0),
                4);
        at.fails(() -> trace(m, seed(0)), HandlerException.class, """
                scan: a scan cannot stand inside a scan.
                  Got:      a scan in a step of another
                  At:       ScanErrorsTest.java:%line
                  Fix:      write the inner loop as a Java for, or put its variables into one site of a step.""");
    }

    @Test
    void aParameterInAStep() {
        Model m = () -> scan(
                (NDArray c) -> {
                    at.here(); param("w", 1);
                    return Carried.of(c);
                },
                Np.scalar(0.0),
                4);
        at.fails(() -> trace(m, seed(0)), HandlerException.class, """
                param("w"): a scan cannot learn anything in its steps.
                  Expected: sample, deterministic, factor and plate inside a scan
                  At:       ScanErrorsTest.java:%line
                  Fix:      move the statement in front of the scan and use its value inside.""");
    }

    @Test
    void aSeriesThatIsLongerThanTheScan() {
        Model m = () -> scan(
                (NDArray c) -> {
                    at.here(); sample("z", new Normal(c, 1));
                    return Carried.of(c);
                },
                Np.scalar(0.0),
                4);
        at.fails(() -> trace(m, condition(Map.of("z", Np.zeros(5))), seed(0)), ShapeException.class, """
                sample("z"): the values it is given do not fit the steps of the scan.
                  Expected: at most 4 steps of shape []: the first steps take them, the others are drawn
                  Got:      [5]
                  At:       ScanErrorsTest.java:%line""");
    }

    @Test
    void anInterventionFromOutside() {
        Model m = () -> scan(
                (NDArray c) -> {
                    at.here(); sample("z", new Normal(c, 1));
                    return Carried.of(c);
                },
                Np.scalar(0.0),
                4);
        at.fails(() -> trace(m, doIntervene(Map.of("z", 1)), seed(0)), HandlerException.class, """
                doIntervene: it cannot change a site of a scan from outside the scan.
                  Got:      sample("z") in a step
                  At:       ScanErrorsTest.java:%line
                  Fix:      put the handler around the statements of a step: handle(() -> …, doIntervene(…)).run().""");
    }
}
