package kiln.dist.transform;

import java.util.List;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.dist.constraint.Constraint;
import kiln.dist.constraint.Constraints;

/// Several transforms one after the other, the first one first.
///
/// @param parts the transforms in the order of application; none is the identity
public record ComposeTransform(List<Transform> parts) implements Transform {
    /// The list is copied.
    public ComposeTransform {
        parts = List.copyOf(parts);
    }

    /// {@return the transforms one after the other}
    public static ComposeTransform of(Transform... parts) {
        return new ComposeTransform(List.of(parts));
    }

    @Override
    public NDArray call(NDArray x) {
        NDArray y = x;
        for (Transform part : parts) {
            y = part.call(y);
        }
        return y;
    }

    @Override
    public NDArray inverse(NDArray y) {
        NDArray x = y;
        for (Transform part : parts.reversed()) {
            x = part.inverse(x);
        }
        return x;
    }

    @Override
    public NDArray logAbsDetJacobian(NDArray x, NDArray y) {
        if (parts.isEmpty()) {
            return Np.zerosLike(x);
        }
        NDArray total = null;
        int event = domain().eventDim();
        NDArray from = x;
        for (int i = 0; i < parts.size(); i++) {
            Transform part = parts.get(i);
            NDArray to = i == parts.size() - 1 ? y : part.call(from);
            NDArray term = Events.sumRightmost(part.logAbsDetJacobian(from, to), event - part.domain().eventDim());
            total = total == null ? term : total.plus(term);
            event += part.codomain().eventDim() - part.domain().eventDim();
            from = to;
        }
        return java.util.Objects.requireNonNull(total);
    }

    /// The first domain, with so many axes that every part finds its event.
    @Override
    public Constraint domain() {
        if (parts.isEmpty()) {
            return Constraints.real;
        }
        Constraint first = parts.getFirst().domain();
        int needed = parts.getLast().codomain().eventDim();
        for (Transform part : parts.reversed()) {
            needed = Math.max(needed + part.domain().eventDim() - part.codomain().eventDim(), part.domain().eventDim());
        }
        return Constraints.independent(first, needed - first.eventDim());
    }

    /// The last codomain, with so many axes that every part finds its event.
    @Override
    public Constraint codomain() {
        if (parts.isEmpty()) {
            return Constraints.real;
        }
        Constraint last = parts.getLast().codomain();
        int needed = parts.getFirst().domain().eventDim();
        for (Transform part : parts) {
            needed = Math.max(needed + part.codomain().eventDim() - part.domain().eventDim(), part.codomain().eventDim());
        }
        return Constraints.independent(last, needed - last.eventDim());
    }

    @Override
    public Shape forwardShape(Shape shape) {
        Shape s = shape;
        for (Transform part : parts) {
            s = part.forwardShape(s);
        }
        return s;
    }

    @Override
    public Shape inverseShape(Shape shape) {
        Shape s = shape;
        for (Transform part : parts.reversed()) {
            s = part.inverseShape(s);
        }
        return s;
    }

    @Override
    public NDArray sign() {
        NDArray sign = Np.scalar(1.0);
        for (Transform part : parts) {
            sign = sign.times(part.sign());
        }
        return sign;
    }
}
