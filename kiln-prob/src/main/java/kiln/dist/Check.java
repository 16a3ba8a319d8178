package kiln.dist;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kiln.array.DType;
import kiln.array.Dense;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.ShapeException;
import kiln.array.UserCode;
import kiln.dist.constraint.Constraint;
import kiln.func.Pytree;

/// Checks of the parameters of a distribution, made in its constructor; only values that are known can be checked.
public final class Check {
    private Check() {}

    /// Refuses a known parameter outside its domain.
    ///
    /// @param domain where the parameter must lie
    /// @param name   name of the parameter
    /// @param value  the parameter
    /// @param owner  the distribution that asks
    /// @return the parameter, floating unless its domain is discrete
    /// @throws DomainException if an element lies outside the domain; the message names the first one
    /// @throws ShapeException if the parameter has fewer axes than a value of its domain
    public static NDArray in(Constraint domain, String name, NDArray value, Class<?> owner) {
        if (Pytree.isRebuilding()) {
            return value;
        }
        NDArray x = domain.isDiscrete() ? value : floating(value);
        if (!Validation.isOn()) {
            return x;
        }
        if (x.rank() < domain.eventDim()) {
            throw new ShapeException(new Diagnosis(owner.getSimpleName(), name + " has too few axes")
                    .expected("at least " + domain.eventDim() + (domain.eventDim() == 1 ? " axis" : " axes") + ": "
                            + name + " must be " + domain.description())
                    .got("shape " + x.shape())
                    .at(UserCode.line()));
        }
        if (x instanceof Dense known && checked(domain, name, x, owner) instanceof Dense fits) {
            for (int i = 0; i < fits.size(); i++) {
                if (fits.longAt(i) == 0) {
                    throw new DomainException(new Diagnosis(
                                    owner.getSimpleName(), name + " must be " + domain.description())
                            .got(offender(domain, name, known, fits, i))
                            .at(UserCode.line())
                            .fix(domain.remedy(name)));
                }
            }
        }
        return x;
    }

    private static NDArray checked(Constraint domain, String name, NDArray x, Class<?> owner) {
        try {
            return domain.check(x);
        } catch (ShapeException e) {
            boolean isMatrix = domain.eventDim() == 2;
            throw new ShapeException(new Diagnosis(
                            owner.getSimpleName(), name + (isMatrix ? " must hold square matrices" : " does not broadcast with its bounds"))
                    .expected((isMatrix ? "[…, n, n]: " : "") + name + " must be " + domain.description())
                    .got("shape " + x.shape())
                    .at(UserCode.line())
                    .fix(isMatrix ? "pass matrices with as many rows as columns." : "add an axis of size 1 with expandDims, or reshape one of them."));
        }
    }

    /// Refuses parameters whose batch shapes do not broadcast.
    ///
    /// @param owner  the distribution that asks
    /// @param names  names of the parameters, for the message
    /// @param shapes their batch shapes
    /// @throws ShapeException if they do not broadcast
    public static void broadcasts(Class<?> owner, String names, Shape... shapes) {
        if (Pytree.isRebuilding()) {
            return;
        }
        try {
            Shape.broadcast(shapes);
        } catch (ShapeException e) {
            throw new ShapeException(new Diagnosis(
                            owner.getSimpleName(), "the parameters " + names + " do not broadcast")
                    .expected("sizes that are equal or 1, aligned at the last axis")
                    .got(listed(shapes))
                    .at(UserCode.line())
                    .fix("add an axis of size 1 with expandDims, or reshape one of them."));
        }
    }

    /// Refuses parameters whose events do not fit together.
    ///
    /// @param owner    the distribution that asks
    /// @param fit      whether they do
    /// @param names    names of the parameters, for the message
    /// @param expected the pattern of their shapes
    /// @param shapes   their shapes
    /// @throws ShapeException if they do not fit
    static void sizes(Class<?> owner, boolean fit, String names, String expected, Shape... shapes) {
        if (fit || Pytree.isRebuilding()) {
            return;
        }
        throw new ShapeException(new Diagnosis(owner.getSimpleName(), names + " do not have matching sizes")
                .expected(expected)
                .got(listed(shapes))
                .at(UserCode.line()));
    }

    /// Refuses what a distribution of single numbers cannot be made of: a base whose draws are vectors, or a parameter that does not broadcast with
    /// its batch.
    ///
    /// @param owner     the distribution that asks
    /// @param base      its parameter `baseDist`
    /// @param names     names of its other parameters, for the message
    /// @param parameter their shapes
    /// @throws ShapeException if a draw of the base is not one number, or the shapes do not broadcast
    static void wraps(Class<?> owner, Distribution base, String names, Shape... parameter) {
        if (Pytree.isRebuilding()) {
            return;
        }
        if (base.eventShape().rank() > 0) {
            throw new ShapeException(new Diagnosis(owner.getSimpleName(), "baseDist must be a distribution of single numbers")
                    .expected("event []")
                    .got(named(base))
                    .at(UserCode.line())
                    .fix("wrap the distribution of the elements, then make its batch the event: new " + owner.getSimpleName() + "(…).toEvent(n)."));
        }
        broadcasts(
                owner,
                "baseDist" + (names.isEmpty() ? "" : " and " + names),
                Stream.concat(Stream.of(base.batchShape()), Arrays.stream(parameter)).toArray(Shape[]::new));
    }

    /// Refuses a base that has values outside a half line, as far as its support is known.
    ///
    /// @param owner the distribution that asks
    /// @param base  its parameter `baseDist`
    /// @param low   end of the half line
    /// @param why   what needs the base to be so, and the remedy
    /// @throws DomainException if the support of the base reaches below `low`
    static void notBelow(Class<?> owner, Distribution base, double low, String why) {
        if (Pytree.isRebuilding() || !reachesBelow(base.support(), low)) {
            return;
        }
        throw new DomainException(new Diagnosis(owner.getSimpleName(), "baseDist must have no values below " + low)
                .expected("a support within [" + low + ", ∞)")
                .got(named(base) + ", whose values are " + base.support().description())
                .at(UserCode.line())
                .fix(why));
    }

    /// {@return whether a set of numbers is known to reach below a number; of a set without stated ends it is seen from a value far out}
    static boolean reachesBelow(Constraint set, double low) {
        if (set.eventDim() > 0 || !(QuantileSearch.lower(set) instanceof Dense end)) {
            return false;
        }
        NDArray below = Np.where(end.eq(Double.NEGATIVE_INFINITY), set.check(NDArray.as(-1e300)), end.lt(low));
        return Np.any(below).isTrue();
    }

    /// Refuses a value that is no draw of the distribution: whose last axes are not the event, or whose other axes do not broadcast with the batch.
    ///
    /// @param d     the distribution that is asked for the density
    /// @param value `sample + batch + event`
    /// @throws ShapeException if the value does not have that shape
    static void value(Distribution d, NDArray value) {
        Shape event = d.eventShape();
        Shape shape = value.shape();
        int front = shape.rank() - event.rank();
        boolean fits = front >= 0 && shape.last(event.rank()).equals(event);
        if (fits && (front == 0 || Shape.fit(shape.dropLast(event.rank()), d.batchShape()))) {
            return;
        }
        throw new ShapeException(new Diagnosis(d.getClass().getSimpleName(), "the value does not have the shape of a draw")
                .expected("[…] + " + d.batchShape() + " + " + event + ": axes of the value that broadcast with the batch, then the event")
                .got(shape.toString())
                .at(UserCode.line())
                .fix(fits
                        ? "add an axis of size 1 with expandDims, or give the distribution the batch of the value."
                        : front < 0
                                ? "pass all " + event.size() + " numbers of an event."
                                : "pass events of shape " + event + ", or change the parameters of the distribution."));
    }

    /// Refuses probabilities whose axes do not broadcast with the batch of a distribution that is asked for quantiles.
    ///
    /// @param d the distribution
    /// @param q `sample + batch`
    /// @throws ShapeException if they do not broadcast
    static void probability(Distribution d, NDArray q) {
        if (Shape.fit(q.shape(), d.batchShape())) {
            return;
        }
        throw new ShapeException(new Diagnosis(d.getClass().getSimpleName(), "the probabilities do not fit the batch")
                .expected("[…] + " + d.batchShape() + ": axes that broadcast with the batch")
                .got(q.shape().toString())
                .at(UserCode.line())
                .fix("add an axis of size 1 with expandDims, or give the distribution the batch of the probabilities."));
    }

    /// {@return a distribution as messages write it: `Normal with batch [2] and event []`}
    static String named(Distribution d) {
        return d.getClass().getSimpleName() + " with batch " + d.batchShape() + " and event " + d.eventShape();
    }

    private static String listed(Shape... shapes) {
        return Arrays.stream(shapes).map(Shape::toString).collect(Collectors.joining(" and "));
    }

    /// {@return the location of vectors that a square matrix belongs to, `[…, n]`: a number, or a last axis of size 1, stands for all elements,
    ///  as in NumPyro}
    ///
    /// @param owner  the distribution that asks
    /// @param loc    its parameter `loc`
    /// @param name   name of the matrix
    /// @param matrix `[…, n, n]`
    /// @throws ShapeException if the sizes do not fit
    static NDArray location(Class<?> owner, NDArray loc, String name, NDArray matrix) {
        if (Pytree.isRebuilding()) {
            return loc;
        }
        boolean square = matrix.rank() >= 2 && matrix.size(-1) == matrix.size(-2);
        boolean one = loc.rank() == 0 || loc.size(-1) == 1;
        sizes(
                owner,
                square && (one || loc.size(-1) == matrix.size(-1)),
                "loc and " + name, "loc […, n], or a number, and " + name + " […, n, n]",
                loc.shape(), matrix.shape());
        Shape batch = loc.shape().dropLast(Math.min(1, loc.rank()));
        return one ? Np.broadcastTo(floating(loc), batch.then(matrix.shape().last(1))) : loc;
    }

    private static String offender(Constraint domain, String name, Dense value, Dense fits, int first) {
        int wrong = 0;
        for (int i = 0; i < fits.size(); i++) {
            wrong += fits.longAt(i) == 0 ? 1 : 0;
        }
        int each = value.size() / fits.size();
        var text = new StringBuilder(name);
        if (fits.rank() > 0) {
            text.append(position(fits.shape(), first));
        }
        text.append(" = ");
        if (domain.eventDim() == 0) {
            text.append(number(value, first));
        } else {
            text.append(matrix(value, first * each, value.shape().last(domain.eventDim())));
        }
        if (fits.rank() > 0) {
            text.append(" (").append(wrong).append(" of ").append(fits.size()).append(" values), shape ").append(value.shape());
        }
        return text.toString();
    }

    private static String position(Shape shape, int index) {
        int[] strides = shape.strides();
        int[] at = new int[shape.rank()];
        for (int a = 0; a < at.length; a++) {
            at[a] = index / strides[a] % shape.dim(a);
        }
        return Shape.of(at).toString();
    }

    private static String number(Dense value, int i) {
        return value.dtype().isFloating() ? Double.toString(value.doubleAt(i)) : Long.toString(value.longAt(i));
    }

    private static String matrix(Dense value, int offset, Shape shape) {
        double[] part = new double[shape.size()];
        for (int i = 0; i < part.length; i++) {
            part[i] = value.doubleAt(offset + i);
        }
        return NDArray.of(shape, part).toString().replaceAll("\\s*\n\\s*", " ");
    }

    /// A parameter of a continuous distribution computes in floating point, also if it was given as an integer.
    private static NDArray floating(NDArray x) {
        if (x.dtype().isFloating()) {
            return x;
        }
        return x.aval().weak() && x instanceof Dense d ? NDArray.as(d.doubleAt(0)) : x.astype(DType.floating());
    }
}
