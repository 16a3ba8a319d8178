package kiln.infer.enumeration;

import java.util.List;
import java.util.stream.Collectors;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.UserCode;
import kiln.dist.Distribution;
import kiln.dist.Expanded;
import kiln.dist.Independent;
import kiln.dist.Masked;
import kiln.model.HandlerException;
import kiln.model.Message;
import kiln.model.PlateFrame;
import kiln.model.SeriesDistribution;

/// A discrete random variable that is summed out.
///
/// @param name    name of the site
/// @param label   the statement, for messages
/// @param place   plates and the user's line, for messages
/// @param batch   shape of its batch
/// @param shape   shape of its value, `batch + event`
/// @param plates  plates around it, the innermost first
/// @param support the values that each element can take, a vector
public record DiscreteSite(
        String name, String label, String place, Shape batch, Shape shape, List<PlateFrame> plates, Dense support) {
    /// {@return a site of a run}
    ///
    /// @throws HandlerException if its values cannot be listed
    public static DiscreteSite of(Message.Sample s) {
        Distribution d = s.distribution();
        NDArray value = s.requireValue();
        return new DiscreteSite(
                s.name(), s.label(), s.place(), d.batchShape(), value.shape(), s.plates(), support(s).astype(value.dtype()).known());
    }

    /// {@return the values that one element of a site can take, a vector}
    ///
    /// @throws HandlerException if they are infinitely many, or differ within the batch
    public static NDArray support(Message.Sample s) {
        if (s.distribution() instanceof SeriesDistribution series && !series.hasFixedSupport()) {
            throw new HandlerException(new Diagnosis(s.label(), "its values differ from step to step of its scan, so they cannot be summed out")
                    .expected("the same known values in every step")
                    .got(s.distributionName() + " in " + series.length() + " steps")
                    .at(s.place())
                    .fix("give the distribution a fixed set of values and forbid some of them with factor(…, −∞)."));
        }
        Distribution d = elementwise(s.distribution());
        if (!d.hasEnumerateSupport() || d.eventShape().rank() > 0) {
            throw new HandlerException(new Diagnosis(s.label(), "the values of this discrete site cannot be listed, so they cannot be summed out")
                    .expected("finitely many values for each element, as of Bernoulli, Categorical, Binomial, DiscreteUniform")
                    .got(s.distributionName() + " with batch " + s.distribution().batchShape() + " and event "
                            + s.distribution().eventShape() + ", values that are " + s.distribution().support().description())
                    .at(s.place())
                    .fix("give it a value, condition(Map.of(\"" + s.name() + "\", …)), or a distribution with finitely many values."));
        }
        NDArray values;
        try {
            values = d.enumerateSupport(false);
        } catch (UnsupportedOperationException e) {
            var error = new HandlerException(new Diagnosis(s.label(), "its values differ within the batch, or depend on what is not known, so they cannot be summed out")
                    .expected("the same known values for every element")
                    .got(s.distributionName() + " with batch " + s.distribution().batchShape())
                    .at(s.place())
                    .fix("give the distribution a fixed set of values and forbid some of them with factor(…, −∞)."));
            error.initCause(e);
            throw error;
        }
        return values.reshape(Shape.of(values.size(0)));
    }

    /// {@return the distribution of the elements: a vector of independent discrete variables is enumerated element by element}
    private static Distribution elementwise(Distribution d) {
        return switch (d) {
            case Independent i -> elementwise(i.baseDist());
            case Masked m -> elementwise(m.baseDist());
            case SeriesDistribution s -> elementwise(s.step(0));
            case Expanded e when e.baseDist() instanceof Independent i -> elementwise(i);
            default -> d;
        };
    }

    /// {@return the number of values of one element}
    int values() {
        return support.size();
    }

    /// {@return the element type of its value}
    DType dtype() {
        return support.dtype();
    }

    /// {@return the error of a chain whose sites do not lie in the same plates}
    static HandlerException crossedSteps(List<DiscreteSite> sites) {
        DiscreteSite first = sites.getFirst();
        return new HandlerException(new Diagnosis(first.label(), "the discrete sites that go from step to step of a scan are not in the same plates")
                .expected("all of them in the same plates, so that a plate has a chain for each of its copies")
                .got(sites.stream().map(s -> "\"" + s.name() + "\" in " + (s.plates().isEmpty() ? "no plate" : "" + s.plates())).collect(Collectors.joining(", ")))
                .at(first.place())
                .fix("put the sites into the same plates, or write the loop as a Java for, if it is short."));
    }

    /// {@return the error of a scan whose steps look back too far}
    ///
    /// @param steps number of steps
    /// @param what  on how many earlier ones a step depends, and the table that follows
    static HandlerException longMemory(DiscreteSite s, int steps, String what, double limit) {
        return new HandlerException(new Diagnosis(s.label(), "the steps of its scan depend on the values of too many earlier steps to sum them out")
                .expected("at most " + (long) limit + " cells for the values of a step and of those that it depends on")
                .got(steps + " steps that depend on " + what)
                .at(s.place())
                .fix("keep the values of fewer earlier steps in the carry."));
    }

    /// {@return the error of a run that needs tables of this site that are too large}
    ///
    /// @param ofScan whether one of the sites is made by a scan, and read outside of it
    static HandlerException tooLarge(List<DiscreteSite> sites, String what, String cells, double limit, boolean ofScan) {
        DiscreteSite first = sites.getFirst();
        String at = first.place();
        return new HandlerException(new Diagnosis(first.label(), "summing out its values needs too large a table")
                .expected("at most " + (long) limit + " cells")
                .got(what + ": " + cells)
                .at(at.isEmpty() ? UserCode.line() : at)
                .fix(ofScan
                        ? "move what reads the values behind the scan into the step that makes them: then they are summed out step by step."
                        : "put independent elements into a plate, write a Markov chain as scan, or let factors depend on fewer sites at a time."));
    }
}
