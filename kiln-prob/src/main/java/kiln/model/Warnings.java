package kiln.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;

/// What is odd about the sites of a run without being an error, each in the format of an error message.
final class Warnings {
    private Warnings() {}

    static List<String> of(Collection<Message.Sample> sites) {
        List<String> out = new ArrayList<>();
        for (Message.Sample s : sites) {
            outside(s).ifPresent(d -> out.add(d.message()));
            unplated(s).ifPresent(d -> out.add(d.message()));
        }
        return out;
    }

    /// A known value outside a known support: the log density is −∞, or NaN of NaN, the whole run is impossible.
    private static Optional<Diagnosis> outside(Message.Sample s) {
        return firstOutside(s).map(found -> new Diagnosis(
                        s.label(), (s.isObserved() ? "the observed value" : "the value") + " is outside the support, so the log density is "
                                + (found.contains("= NaN") ? "NaN" : "-inf"))
                .expected("values that are " + s.distribution().support().description() + ": the support of "
                        + Sites.title(s.distribution()))
                .got(found)
                .at(s.place())
                .fix("correct the data, or choose a distribution whose support has this value."));
    }

    /// {@return the first of the known values outside a known support, and how many there are: `y[2] = 2 (1 of 4 values), shape [4]`}
    static Optional<String> firstOutside(Message.Sample s) {
        if (s.distribution().eventShape().size() == 0 || !(s.requireValue() instanceof Dense value)) {
            return Optional.empty();
        }
        // A value that is masked may be anything.
        if (!(s.logProb() instanceof Dense density) || !Np.any(Np.logicalNot(density.gt(Double.NEGATIVE_INFINITY))).isTrue()) {
            return Optional.empty();
        }
        Constraint support = s.distribution().support();
        if (!(support.check(value) instanceof Dense inside)) {
            return Optional.empty();
        }
        int first = -1;
        int wrong = 0;
        for (int i = 0; i < inside.size(); i++) {
            if (inside.longAt(i) == 0) {
                wrong++;
                first = first < 0 ? i : first;
            }
        }
        if (wrong == 0) {
            return Optional.empty();
        }
        int each = value.size() / inside.size();
        String number = each == 1
                ? value.dtype().isFloating() ? Double.toString(value.doubleAt(first)) : Long.toString(value.longAt(first))
                : element(value, first * each, value.shape().last(support.eventDim())).toString();
        String where = inside.rank() == 0 ? "" : position(inside.shape(), first);
        String count = inside.rank() == 0 ? "" : " (" + wrong + " of " + inside.size() + " values), shape " + value.shape();
        return Optional.of(s.name() + where + " = " + number + count);
    }

    private static NDArray element(Dense value, int offset, Shape shape) {
        double[] part = new double[shape.size()];
        for (int i = 0; i < part.length; i++) {
            part[i] = value.doubleAt(offset + i);
        }
        return NDArray.of(shape, part);
    }

    private static String position(Shape shape, int index) {
        int[] strides = shape.strides();
        int[] at = new int[shape.rank()];
        for (int a = 0; a < at.length; a++) {
            at[a] = index / strides[a] % shape.dim(a);
        }
        return Shape.of(at).toString();
    }

    /// A batch axis beside the plates: the copies along it are independent, which is often not what was meant.
    private static Optional<Diagnosis> unplated(Message.Sample s) {
        if (s.plates().isEmpty()) {
            return Optional.empty();
        }
        Shape batch = s.distribution().batchShape();
        int steps = s.isSeries() ? 1 : 0;
        for (int axis = -1; axis >= steps - batch.rank(); axis--) {
            int a = axis;
            if (batch.dim(axis) > 1 && s.plates().stream().noneMatch(p -> p.dim() == a)) {
                return Optional.of(new Diagnosis(s.label(), "a batch axis belongs to no plate, so its elements are independent copies")
                        .got("axis " + axis + " of batch " + batch)
                        .at(s.place())
                        .fix("open a plate for it, plate(…, " + batch.dim(axis) + ", dim(" + axis
                                + ")), or make it part of the event with toEvent."));
            }
        }
        return Optional.empty();
    }
}
