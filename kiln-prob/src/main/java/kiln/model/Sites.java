package kiln.model;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.dist.Distribution;
import kiln.dist.Expanded;
import kiln.dist.Independent;
import kiln.dist.Masked;

/// Checks the shapes of a site and describes distributions and values in messages.
final class Sites {
    private Sites() {}

    /// {@return the class of a distribution without what only repeats or masks it}
    static String title(Distribution d) {
        return switch (d) {
            case Expanded e -> title(e.baseDist());
            case Independent i -> title(i.baseDist());
            case Masked m -> title(m.baseDist());
            case SeriesDistribution s -> title(s.steps());
            default -> d.getClass().getSimpleName();
        };
    }

    /// {@return class and shapes: `Normal with batch [50] and event []`}
    static String describe(Distribution d) {
        return title(d) + " with batch " + d.batchShape() + " and event " + d.eventShape();
    }

    /// {@return a value on one line: all of a few numbers, or the range of many}
    static String brief(NDArray x) {
        if (!(x instanceof Dense d)) {
            return x.toString();
        }
        if (d.size() <= 6) {
            return d.toString().replaceAll("\\s+", " ");
        }
        return "[" + Np.min(d) + " … " + Np.max(d) + "]";
    }

    /// Refuses a given value that does not have the shape of the distribution.
    ///
    /// Outside plates, data may have further axes in front: it is then a sample of independent draws.
    static void checkShape(Message.Sample s, Shape given) {
        Distribution d = s.distribution();
        Shape shape = d.batchShape().then(d.eventShape());
        if (given.equals(shape)) {
            return;
        }
        boolean isSample = given.rank() > shape.rank() && given.last(shape.rank()).equals(shape);
        if (isSample && s.isObserved() && s.plates().isEmpty()) {
            return;
        }
        String whose = s.isObserved() ? "the observed value" : "the value it is given";
        String from = s.plates().isEmpty() ? "" : " from " + Message.plateNames(s.plates());
        throw new ShapeException(new Diagnosis(s.label(), whose + " does not have the shape of the distribution")
                .expected(shape + "     batch " + d.batchShape() + from + ", event " + d.eventShape())
                .got(given.toString())
                .at(s.origin().map(kiln.array.UserCode::describe).orElse(""))
                .fix(remedy(s, shape, given, isSample)));
    }

    private static String remedy(Message.Sample s, Shape shape, Shape given, boolean isSample) {
        String x = s.name().matches("[A-Za-z_][A-Za-z0-9_]*") ? s.name() : "value";
        int[] ones = Arrays.stream(given.dims()).filter(n -> n != 1).toArray();
        if (Shape.of(ones).equals(shape) && given.rank() == shape.rank() + 1) {
            int axis = 0;
            while (given.dim(axis) != 1) {
                axis++;
            }
            boolean last = axis == given.rank() - 1;
            return x + ".squeeze(" + (last ? -1 : axis) + ")"
                    + (last ? ", or make the last axis an event: " + constructor(s.distribution()) + ".toEvent(1)." : ".");
        }
        if (reversed(given).equals(shape)) {
            return x + ".transpose().";
        }
        if (given.size() == shape.size() && given.rank() != shape.rank()) {
            return x + ".reshape(" + list(shape) + ").";
        }
        if (isSample) {
            return s.isObserved()
                    ? "open a plate for the axes in front, or pass data of shape " + shape + "."
                    : "pass one value of shape " + shape + " at a time: " + x + ".get(i).";
        }
        if (given.broadcastsTo(shape)) {
            return "repeat the value: broadcastTo(" + x + ", Shape.of(" + list(shape) + ")).";
        }
        return "pass a value of shape " + shape + ", or change the parameters of " + title(s.distribution()) + ".";
    }

    private static Shape reversed(Shape shape) {
        int[] dims = shape.dims();
        int[] out = new int[dims.length];
        Arrays.setAll(out, i -> dims[dims.length - 1 - i]);
        return Shape.of(out);
    }

    private static String list(Shape shape) {
        return Arrays.stream(shape.dims()).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    }

    /// The distribution as the user may have written it: `new Normal(loc, scale)`.
    private static String constructor(Distribution d) {
        Distribution base = switch (d) {
            case Expanded e -> e.baseDist();
            case Masked m -> m.baseDist();
            case SeriesDistribution s -> s.steps();
            default -> d;
        };
        String parameters = base instanceof Record r
                ? Stream.of(r.getClass().getRecordComponents()).map(c -> c.getName()).collect(Collectors.joining(", "))
                : "…";
        return "new " + base.getClass().getSimpleName() + "(" + parameters + ")";
    }

    /// Refuses a mask or a scale that is larger than the log density of the site.
    static void checkFactors(Message.Sample s) {
        Shape value = s.requireValue().shape();
        Shape density = Shape.broadcast(
                value.slice(0, Math.max(0, value.rank() - s.distribution().eventShape().rank())),
                s.distribution().batchShape());
        checkFactor(s, "mask", s.mask() == null ? Shape.SCALAR : s.mask().shape(), density);
        checkFactor(s, "scale", s.scale().shape(), density);
    }

    private static void checkFactor(Message.Sample s, String what, Shape shape, Shape density) {
        if (!shape.broadcastsTo(density)) {
            throw new ShapeException(new Diagnosis(s.label(), "the " + what + " does not fit the log density of the site")
                    .expected("a shape that broadcasts to " + density)
                    .got(shape.toString())
                    .at(s.place())
                    .fix("open a plate for the axes of the " + what + ", or reduce it to the shape of the batch."));
        }
    }

    /// The error of a plate whose given indices do not have its length.
    static ShapeException indexShape(Message.Plate p, Shape given) {
        return new ShapeException(new Diagnosis(p.label(), "the indices it is given do not have the length of the plate")
                .expected(Shape.of(p.subsampleSize()).toString())
                .got(given.toString())
                .at(p.place())
                .fix("give " + p.subsampleSize() + " indices from 0 to " + (p.size() - 1) + "."));
    }
}
