package kiln.infer;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import kiln.array.DType;
import kiln.array.NDArray;
import kiln.array.Shape;
import kiln.model.Handlers;
import kiln.model.Message;
import kiln.model.Model;

/// Sites and plates whose values a model is given by the thread that runs it: the last coordinates of a [SplitPosterior].
final class Held {
    private final List<Item> items;
    private final ThreadLocal<Map<String, NDArray>> values;

    /// One of them.
    ///
    /// @param isPlate whether it is a plate, with its indices, and no random variable
    record Item(String name, DType dtype, Shape shape, boolean isPlate) {
        static Item of(Message m) {
            NDArray value = m.requireValue();
            return new Item(m.name(), value.dtype(), value.shape(), m instanceof Message.Plate);
        }
    }

    /// @param messages the sites and plates, with the values they have unless a thread gives others
    Held(List<? extends Message> messages) {
        items = messages.stream().map(Item::of).toList();
        var first = new HashMap<String, NDArray>();
        messages.forEach(m -> first.put(m.name(), m.requireValue()));
        Map<String, NDArray> initial = Map.copyOf(first);
        values = ThreadLocal.withInitial(() -> initial);
    }

    List<Item> items() {
        return items;
    }

    /// {@return the number of coordinates}
    int size() {
        return items.stream().mapToInt(i -> i.shape().size()).sum();
    }

    /// {@return the item that a coordinate belongs to}
    Item of(int coordinate) {
        int rest = coordinate;
        for (Item i : items) {
            if (rest < i.shape().size()) {
                return i;
            }
            rest -= i.shape().size();
        }
        throw new IndexOutOfBoundsException(coordinate);
    }

    /// {@return a model that takes the values: its sites as data, its plates as indices}
    Model give(Model model) {
        return Handlers.handle(model,
                Handlers.condition(s -> Optional.ofNullable(values.get().get(s.name()))),
                Handlers.substitute(m -> m instanceof Message.Plate p ? Optional.ofNullable(values.get().get(p.name())) : Optional.empty()));
    }

    /// Runs something while the models of this thread are given other values.
    <T> T during(Map<String, NDArray> now, Supplier<T> run) {
        Map<String, NDArray> before = values.get();
        values.set(now);
        try {
            return run.get();
        } finally {
            values.set(before);
        }
    }

    /// {@return the values of arrays that come in the order of the items, each with its own type}
    Map<String, NDArray> named(List<NDArray> arrays) {
        var out = new LinkedHashMap<String, NDArray>();
        for (int i = 0; i < items.size(); i++) {
            out.put(items.get(i).name(), arrays.get(i).astype(items.get(i).dtype()));
        }
        return out;
    }

    /// {@return the values at a position}
    ///
    /// @param from where the coordinates of the items begin
    Map<String, NDArray> at(double[] position, int from) {
        var out = new LinkedHashMap<String, NDArray>();
        int at = from;
        for (Item i : items) {
            double[] own = java.util.Arrays.copyOfRange(position, at, at + i.shape().size());
            out.put(i.name(), NDArray.of(i.shape(), own).astype(i.dtype()));
            at += own.length;
        }
        return out;
    }

    /// Writes values into a position.
    ///
    /// @param given one array of the item's size for each
    /// @param from  where the coordinates of the items begin
    void put(Map<String, NDArray> given, double[] position, int from) {
        int at = from;
        for (Item i : items) {
            double[] own = java.util.Objects.requireNonNull(given.get(i.name())).toDoubleArray();
            System.arraycopy(own, 0, position, at, own.length);
            at += own.length;
        }
    }
}
