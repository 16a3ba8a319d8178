package kiln.infer.enumeration;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import kiln.array.Dense;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.Shape;
import kiln.array.Storage;
import kiln.array.Aval;
import kiln.model.PlateFrame;

/// A discrete site as an axis of tables: along the plates in which it is local each copy has a variable of its own; the elements along
/// all its other axes are one variable together, whose values are all their combinations.
///
/// @param site   the site
/// @param plates names of the plates in which the copies are summed out one by one
record Variable(DiscreteSite site, Set<String> plates) {
    /// {@return the number of its values, which may be far too many to list}
    double size() {
        return Math.pow(site.values(), together());
    }

    /// {@return how many elements are enumerated together}
    int together() {
        int n = 1;
        boolean[] local = local();
        for (int a = 0; a < local.length; a++) {
            n *= local[a] ? 1 : site.shape().dim(a);
        }
        return n;
    }

    /// {@return a copy that is not local in a plate}
    Variable without(String plate) {
        Set<String> rest = new LinkedHashSet<>(plates);
        rest.remove(plate);
        return new Variable(site, Set.copyOf(rest));
    }

    /// {@return the axis of the value that belongs to a plate}
    int axis(String plate) {
        for (PlateFrame p : site.plates()) {
            if (p.name().equals(plate)) {
                return site.batch().rank() + p.dim();
            }
        }
        throw new IllegalArgumentException(site.label() + " is not in plate " + plate);
    }

    private boolean[] local() {
        boolean[] local = new boolean[site.shape().rank()];
        plates.forEach(p -> local[axis(p)] = true);
        return local;
    }

    /// {@return all its values, `[size] + shape of the site`, the same for all copies}
    NDArray values() {
        int[] dims = site.shape().dims();
        boolean[] local = local();
        int n = site.shape().size();
        int[] digit = new int[n];
        int[] strides = site.shape().strides();
        for (int e = 0; e < n; e++) {
            for (int a = 0; a < dims.length; a++) {
                if (!local[a]) {
                    digit[e] = digit[e] * dims[a] + e / strides[a] % dims[a];
                }
            }
        }
        int k = site.values();
        int size = (int) size();
        Object to = Storage.allocate(site.dtype(), size * n);
        int[] digits = new int[together()];
        for (int i = 0; i < size; i++) {
            int rest = i;
            for (int j = digits.length - 1; j >= 0; j--) {
                digits[j] = rest % k;
                rest /= k;
            }
            for (int e = 0; e < n; e++) {
                System.arraycopy(site.support().storage(), digits[digit[e]], to, i * n + e, 1);
            }
        }
        return Dense.of(new Aval(site.dtype(), Shape.of(size).then(site.shape())), to);
    }

    /// {@return the value of the site}
    ///
    /// @param index number of the value of each copy, one axis per plate
    /// @param order the plates in the order of the axes of `index`
    NDArray value(NDArray index, List<String> order) {
        Integer[] byAxis = new Integer[order.size()];
        Arrays.setAll(byAxis, i -> i);
        Arrays.sort(byAxis, (i, j) -> Integer.compare(axis(order.get(i)), axis(order.get(j))));
        int[] permutation = Arrays.stream(byAxis).mapToInt(i -> i).toArray();
        int[] dims = new int[site.shape().rank() + 1];
        Arrays.fill(dims, 1);
        for (String p : order) {
            dims[1 + axis(p)] = site.shape().dim(axis(p));
        }
        NDArray at = (order.size() > 1 ? index.transpose(permutation) : index).reshape(Shape.of(dims));
        return Np.squeeze(Np.takeAlongAxis(values(), at, 0), 0);
    }
}
