package kiln.nn;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;
import kiln.array.UserCode;

/// A network whose output i depends only on the inputs that come before i in an order (MADE).
///
/// Every hidden unit has a number m from 1 to `inputDim − 1`; it sees the inputs of positions ≤ m, and hidden units of numbers ≤ m;
/// the output of position k sees hidden units of numbers < k. The matrix of derivatives, in that order, is strictly lower triangular.
///
/// - **weights** those of layer i are prefixed `i.` (every other layer is the activation), those of the skip connection `skip.`
/// - **shapes** `[…, inputDim]` to one array for every entry p of `paramDims`: `[…, inputDim]` if all are 1, otherwise
///   `[p, …, inputDim]`
///
/// Source: Germain, Gregor, Murray and Larochelle, *MADE: masked autoencoder for distribution estimation* (2015). The numbers of
/// hidden units are spaced evenly, and not drawn.
public final class AutoregressiveNN implements Network<List<NDArray>> {
    private final int inputDim;
    private final List<Integer> hiddenDims;
    private final List<Integer> paramDims;
    private final List<Integer> permutation;
    private final boolean skipConnections;
    private final Layer nonlinearity;
    private final Sequential main;
    private final MaskedDense skip;

    /// A network of two parameters for every input (the mean and the logarithm of a scale), with rectifiers, in the order of the inputs.
    ///
    /// @param inputDim   number of inputs, > 0
    /// @param hiddenDims units of each hidden layer, at least one layer; not less than `inputDim`
    /// @throws DomainException if a hidden layer has fewer units than there are inputs, or there is no hidden layer
    public AutoregressiveNN(int inputDim, int... hiddenDims) {
        this(inputDim, boxed(hiddenDims), List.of(1, 1), IntStream.range(0, inputDim).boxed().toList(), false, Activation.RELU);
    }

    private AutoregressiveNN(
            int inputDim,
            List<Integer> hiddenDims,
            List<Integer> paramDims,
            List<Integer> permutation,
            boolean skipConnections,
            Layer nonlinearity) {
        this.inputDim = inputDim;
        this.hiddenDims = hiddenDims;
        this.paramDims = paramDims;
        this.permutation = permutation;
        this.skipConnections = skipConnections;
        this.nonlinearity = nonlinearity;
        if (hiddenDims.isEmpty() || hiddenDims.stream().anyMatch(h -> h < inputDim)) {
            throw refused("the hidden layers are too small", "at least one hidden layer, each of at least " + inputDim + " units, the inputs",
                    "hidden layers " + hiddenDims);
        }
        if (!permutation.stream().sorted().toList().equals(IntStream.range(0, inputDim).boxed().toList())) {
            throw refused("this is not an order of the inputs", "every number from 0 to " + (inputDim - 1) + " once", permutation.toString());
        }
        if (paramDims.isEmpty() || paramDims.stream().anyMatch(p -> p < 1)) {
            throw refused("the numbers of outputs must be positive", "at least one number > 0", paramDims.toString());
        }
        int[] positions = new int[inputDim];
        for (int k = 0; k < inputDim; k++) {
            positions[permutation.get(k)] = k + 1;
        }
        int[] outputs = new int[inputDim * paramDims.stream().mapToInt(p -> p).sum()];
        Arrays.setAll(outputs, j -> positions[j % inputDim]);
        List<Layer> layers = new ArrayList<>();
        int[] before = positions;
        for (int h : hiddenDims) {
            int[] numbers = evenly(h);
            layers.add(new MaskedDense(mask(before, numbers, 0)));
            layers.add(nonlinearity);
            before = numbers;
        }
        layers.add(new MaskedDense(mask(before, outputs, 1)));
        this.main = new Sequential(layers);
        this.skip = new MaskedDense(mask(positions, outputs, 1), false);
    }

    /// {@return a copy with other numbers of parameters for every input}
    ///
    /// @param dims how many numbers the network returns for every input, for each of its parameters; `1, 1` by default
    public AutoregressiveNN paramDims(int... dims) {
        return new AutoregressiveNN(inputDim, hiddenDims, boxed(dims), permutation, skipConnections, nonlinearity);
    }

    /// {@return a copy with another order of the inputs}
    ///
    /// @param order the inputs in the order in which they come; the identity by default
    public AutoregressiveNN permutation(int... order) {
        return new AutoregressiveNN(inputDim, hiddenDims, paramDims, boxed(order), skipConnections, nonlinearity);
    }

    /// {@return a copy in which the outputs see the inputs before them directly too}
    public AutoregressiveNN skipConnections() {
        return new AutoregressiveNN(inputDim, hiddenDims, paramDims, permutation, true, nonlinearity);
    }

    /// {@return a copy with another activation; none follows the last layer}
    public AutoregressiveNN nonlinearity(Layer activation) {
        return new AutoregressiveNN(inputDim, hiddenDims, paramDims, permutation, skipConnections, activation);
    }

    /// {@return the inputs in the order in which they come}
    public List<Integer> permutation() {
        return permutation;
    }

    @Override
    public Map<String, NDArray> init(PRNGKey key, Shape inputShape) {
        Weights.needsFeatures(AutoregressiveNN.class, inputDim, inputShape);
        if (!skipConnections) {
            return main.init(key, inputShape);
        }
        PRNGKey[] keys = key.split()[0].split()[1].split();
        return new Weights()
                .add("main", main.init(keys[0], inputShape))
                .add("skip", skip.init(keys[1], inputShape))
                .map();
    }

    @Override
    public List<NDArray> apply(Map<String, NDArray> params, NDArray x) {
        Weights.needsFeatures(AutoregressiveNN.class, inputDim, x.shape());
        NDArray flat = skipConnections
                ? main.apply(Weights.part(params, "main"), x).plus(skip.apply(Weights.part(params, "skip"), x))
                : main.apply(params, x);
        int all = paramDims.stream().mapToInt(p -> p).sum();
        NDArray rows = Np.moveaxis(flat.reshape(x.shape().dropLast(1).then(Shape.of(all, inputDim))), -2, 0);
        if (all == paramDims.size()) {
            return IntStream.range(0, all).mapToObj(rows::get).toList();
        }
        int[] ends = new int[paramDims.size() - 1];
        for (int i = 0, end = 0; i < ends.length; i++) {
            end += paramDims.get(i);
            ends[i] = end;
        }
        return Np.split(rows, ends, 0);
    }

    /// Numbers from 1 to `inputDim − 1`, in even steps.
    private int[] evenly(int units) {
        int[] numbers = new int[units];
        Arrays.setAll(numbers, i -> (int) Math.rint(1 + (inputDim - 2.0) * i / Math.max(1, units - 1)));
        return numbers;
    }

    /// 1 where what is numbered `to` may see what is numbered `from`: `to ≥ from + distance`.
    private static NDArray mask(int[] from, int[] to, int distance) {
        double[] entries = new double[from.length * to.length];
        Arrays.setAll(entries, e -> to[e % to.length] >= from[e / to.length] + distance ? 1 : 0);
        return NDArray.of(Shape.of(from.length, to.length), entries);
    }

    private static List<Integer> boxed(int[] numbers) {
        return Arrays.stream(numbers).boxed().toList();
    }

    private static DomainException refused(String what, String expected, String got) {
        return new DomainException(
                new Diagnosis("AutoregressiveNN", what).expected(expected).got(got).at(UserCode.line()));
    }
}
