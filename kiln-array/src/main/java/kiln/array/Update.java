package kiln.array;

import kiln.op.Bind;
import kiln.op.Gather;
import kiln.op.LinearRecurrence;
import kiln.op.ScatterAdd;
import kiln.op.ScatterSet;

/// A part of an array that is to be replaced: `x.at(i…).set(v)` is the array after NumPy's `x[i…] = v`; `x` stays what it was.
///
/// The new values broadcast to the shape of the part and take the element type of the array. Positions may be traced.
public final class Update {
    private final NDArray x;
    private final NDArray places;

    private Update(NDArray x, NDArray places) {
        this.x = x;
        this.places = places;
    }

    static Update of(NDArray x, Index... indices) {
        return new Update(x, Indexer.get("at", numbers(x), indices));
    }

    static Update of(NDArray x, NDArray positionsOrMask) {
        return new Update(x, Indexer.get("at", numbers(x), positionsOrMask));
    }

    /// {@return for each element its place in row order: indexing it says which elements an index means}
    private static NDArray numbers(NDArray x) {
        return Np.arange(x.size()).reshape(x.shape());
    }

    /// {@return the part itself}
    public NDArray get() {
        return Bind.apply(new Gather(0), flat(x), places);
    }

    /// {@return the array with the part replaced; where a position comes twice, the last value counts}
    public NDArray set(Number values) {
        return written(x, values(values), flat(places));
    }

    /// {@return the array with values added to the part, all of those that fall on one position}
    public NDArray add(Number values) {
        NDArray sums = Bind.apply(new ScatterAdd(0, x.size()), values(values), flat(places));
        return x.plus(sums.reshape(x.shape()));
    }

    /// {@return the array with the part multiplied, by all values that fall on one position}
    public NDArray multiply(Number values) {
        NDArray at = flat(places);
        NDArray order = Np.argsort(at, 0);
        NDArray sorted = Bind.apply(new Gather(0), at, order);
        NDArray factors = Bind.apply(new Gather(0), values(values), order);
        // Running products that start anew at every position; the last one at a position is the product of all.
        NDArray same = sorted.eq(Np.roll(sorted, 1, 0));
        NDArray first = Np.logicalOr(Np.logicalNot(same), Np.arange(sorted.size()).eq(0));
        NDArray zero = Np.zerosLike(factors);
        NDArray products = Bind.apply(
                new LinearRecurrence(0), Np.where(first, zero, factors), Np.where(first, factors, zero));
        return x.times(written(Np.onesLike(x), products, sorted));
    }

    /// {@return the array with each element of the part replaced by the largest of itself and the values that fall on it}
    public NDArray max(Number values) {
        NDArray v = values(values);
        return Np.maximum(x, ordered(v, Np.argsort(v, 0)));
    }

    /// {@return the array with each element of the part replaced by the smallest of itself and the values that fall on it}
    public NDArray min(Number values) {
        NDArray v = values(values);
        return Np.minimum(x, ordered(v, Np.argsort(v.dtype().isFloating() ? v.unaryMinus() : Np.bitwiseNot(v), 0)));
    }

    /// Writes the values in the given order, so that the extreme one is the last at its position.
    private NDArray ordered(NDArray v, NDArray order) {
        return written(x, Bind.apply(new Gather(0), v, order), Bind.apply(new Gather(0), flat(places), order));
    }

    private static NDArray written(NDArray into, NDArray values, NDArray at) {
        return Bind.apply(new ScatterSet(), flat(into), values, at).reshape(into.shape());
    }

    private static NDArray flat(NDArray a) {
        return a.reshape(Shape.of(a.size()));
    }

    private NDArray values(Number values) {
        NDArray v = NDArray.as(values);
        if (!v.shape().broadcastsTo(places.shape())) {
            throw new ShapeException(new Diagnosis("at", "the values do not have the shape of the part")
                    .expected(places.shape() + ", or what broadcasts to it")
                    .got(v.shape().toString())
                    .at(UserCode.line()));
        }
        return flat(Np.broadcastTo(v.astype(x.dtype()), places.shape()));
    }

    @Override
    public String toString() {
        return "part " + places.shape() + " of " + x.aval();
    }
}
