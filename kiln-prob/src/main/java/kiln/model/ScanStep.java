package kiln.model;

import java.util.ArrayList;
import java.util.List;
import kiln.array.Diagnosis;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.array.ShapeException;
import org.jspecify.annotations.Nullable;

/// One step of a scan as handlers around it see it: they give values for all steps, the step takes its own.
public abstract sealed class ScanStep {
    private final int length;

    private ScanStep(int length) {
        this.length = length;
    }

    /// {@return the number of steps}
    public final int length() {
        return length;
    }

    abstract @Nullable NDArray slice(NDArray series);

    /// {@return how many series it was asked for}
    abstract int asked();

    /// {@return the site with the value that it is given for this step, or unchanged where it is to be drawn}
    ///
    /// @param value of this step alone, or of all steps or the first ones along a leading axis
    public final Message.Sample with(Message.Sample s, NDArray value) {
        int rank = s.distribution().batchShape().rank() + s.distribution().eventShape().rank();
        NDArray own = value.rank() == rank ? value : valueOf(s, value);
        return own == null ? s : s.withValue(own);
    }

    /// {@return the site with the value that it observes in this step, or unchanged where it is to be drawn}
    ///
    /// @param value of this step alone, or of all steps or the first ones along a leading axis
    public final Message.Sample withObserved(Message.Sample s, NDArray value) {
        NDArray own = with(s, value).value();
        return own == null || own == s.value() ? s : s.withObserved(own);
    }

    /// {@return this step's value of a series, or null if the series ends before it: the value is then to be drawn}
    ///
    /// @param series values of all steps, or of the first ones, along the first axis
    /// @throws ShapeException if the series is no series of values of the site, or longer than the scan
    public final @Nullable NDArray valueOf(Message.Sample s, NDArray series) {
        Shape step = s.distribution().batchShape().then(s.distribution().eventShape());
        if (series.rank() != step.rank() + 1 || !series.shape().last(step.rank()).equals(step) || series.size(0) > length) {
            throw new ShapeException(new Diagnosis(s.label(), "the values it is given do not fit the steps of the scan")
                    .expected("at most " + length + " steps of shape " + step + ": the first steps take them, the others are drawn")
                    .got(series.shape().toString())
                    .at(s.place()));
        }
        return slice(series);
    }

    /// {@return the error of a handler around a scan that has to stand inside it}
    public static HandlerException refused(String handler, Message.Sample s) {
        return new HandlerException(new Diagnosis(handler, "it cannot change a site of a scan from outside the scan")
                .got(s.label() + " in a step")
                .at(s.place())
                .fix("put the handler around the statements of a step: handle(() -> …, " + handler + "(…)).run()."));
    }

    /// A step whose number is known; it remembers the series that it was asked for.
    static final class Known extends ScanStep {
        private final int position;
        private final List<NDArray> asked = new ArrayList<>();

        Known(int position, int length) {
            super(length);
            this.position = position;
        }

        List<NDArray> series() {
            return asked;
        }

        @Override
        int asked() {
            return asked.size();
        }

        @Override
        @Nullable NDArray slice(NDArray series) {
            asked.add(series);
            return position < series.size(0) ? series.get(position) : null;
        }
    }

    /// Any step, while all of them are traced at once: it takes the series in the order in which a known step asked for them.
    static final class Any extends ScanStep {
        private final List<NDArray> slices;
        private int next;

        Any(List<NDArray> slices, int length) {
            super(length);
            this.slices = slices;
        }

        @Override
        int asked() {
            return next;
        }

        @Override
        NDArray slice(NDArray series) {
            return slices.get(next++);
        }
    }
}
