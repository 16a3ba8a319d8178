package kiln.model;

import java.util.Arrays;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.dist.Distribution;

/// An open plate: the statements until it is closed are independent copies along one axis of the batch.
///
/// ```java
/// try (var school = plate("school", 8)) {
///     var theta = sample("theta", new Normal(mu, tau));     // [8]
/// }
/// ```
public final class Plate implements AutoCloseable {
    private final Scope scope;
    private final PlateFrame frame;
    private final Message opened;

    /// @param opened the message of its opening, which has the indices
    Plate(Scope scope, PlateFrame frame, Message opened) {
        this.scope = scope;
        this.frame = frame;
        this.opened = opened;
    }

    /// {@return name, axis and sizes}
    public PlateFrame frame() {
        return frame;
    }

    /// {@return the copies that this run looks at, `int64`, to take the matching data: `y.get(at(p.indices()))`}
    public NDArray indices() {
        return opened.requireValue();
    }

    /// {@return the plate and the user's line that opened it}
    String described() {
        return frame + opened.origin().map(line -> " opened at " + UserCode.describe(line)).orElse("");
    }

    /// Ends the plate.
    ///
    /// @throws HandlerException if it is not the plate that was opened last
    @Override
    public void close() {
        scope.close(this);
    }

    /// Puts a message into the plate: a random variable is expanded along the axis and scaled up if the plate is subsampled.
    Message process(Message message) {
        if (message instanceof Message.Sample own && own.infer().blockedPlates().contains(frame.name())) {
            return message;
        }
        Message inside = message.withPlate(frame);
        return inside instanceof Message.Sample s ? expanded(s) : inside;
    }

    /// Takes the copies that this run looks at from a parameter that has a value for each.
    Message postprocess(Message message) {
        return message instanceof Message.Param p && p.eventDim().isPresent()
                ? p.withValue(rows(p.label(), p.requireValue(), p.eventDim().getAsInt()))
                : message;
    }

    /// {@return the copies that this run looks at, of data that has all of them along the axis of the plate}
    ///
    /// @param who      the statement that asks, for messages
    /// @param eventDim how many axes at the end belong to one copy
    NDArray rows(String who, NDArray data, int eventDim) {
        int axis = frame.dim() - eventDim;
        if (data.rank() < -axis || data.size(axis) == 1) {
            return data;
        }
        if (data.size(axis) != frame.size()) {
            throw new ShapeException(new Diagnosis(who, "the data does not have a row for each copy of the plate " + frame)
                    .expected("size " + frame.size() + " or 1 on axis " + axis)
                    .got(data.shape().toString())
                    .at(UserCode.line())
                    .fix("give the plate the size of the data, plate(\"" + frame.name() + "\", " + data.size(axis)
                            + ", …), or tell how many axes at the end belong to one copy."));
        }
        return frame.isSubsampled() ? Np.take(data, indices(), axis) : data;
    }

    private Message.Sample expanded(Message.Sample s) {
        Distribution d = s.distribution();
        Shape own = d.batchShape();
        int axis = own.rank() + frame.dim();
        int n = frame.subsampleSize();
        if (axis >= 0 && own.dim(axis) != 1 && own.dim(axis) != n) {
            throw misfit(s, own);
        }
        int rank = s.plates().stream().mapToInt(p -> -p.dim()).max().orElse(0);
        int[] ones = new int[Math.max(0, rank - own.rank())];
        Arrays.fill(ones, 1);
        Shape batch = Shape.of(ones).then(own).with(frame.dim(), n);
        Message.Sample out = s.withDistribution(d.expand(batch));
        return frame.isSubsampled() ? out.withScale(NDArray.as(frame.size() / (double) n)) : out;
    }

    private ShapeException misfit(Message.Sample s, Shape own) {
        int n = frame.subsampleSize();
        int elsewhere = 0;
        for (int a = 1; a <= own.rank(); a++) {
            if (own.dim(-a) == n) {
                elsewhere = -a;
                break;
            }
        }
        String fix;
        if (elsewhere == 0) {
            fix = "give the plate the size of the parameters, plate(\"" + frame.name() + "\", " + own.dim(frame.dim())
                    + "), or the parameters the size of the plate.";
        } else {
            String toEvent = elsewhere < frame.dim()
                    ? ", or make the axes to its right one event with toEvent(" + (frame.dim() - elsewhere) + ")"
                    : "";
            fix = "give the plate the axis where that size is, plate(\"" + frame.name() + "\", " + frame.size() + ", dim("
                    + elsewhere + "))" + toEvent + ".";
        }
        return new ShapeException(new Diagnosis(s.label(), "the batch of the distribution does not fit the plate " + frame)
                .expected("size " + n + " or 1 on axis " + frame.dim())
                .got(Sites.title(s.distribution()) + " with batch " + own)
                .at(s.place())
                .fix(fix));
    }
}
