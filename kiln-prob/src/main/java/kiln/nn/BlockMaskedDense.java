package kiln.nn;

import java.util.Arrays;
import java.util.Map;
import kiln.array.NDArray;
import kiln.array.Np;
import kiln.array.PRNGKey;
import kiln.array.Shape;

/// A linear layer of block triangular weights with positive blocks on the diagonal, normalised by columns.
///
/// ```
/// V = exp(W) on the diagonal blocks, W above them, 0 below
/// y = x (e^s ∘ V / |V|) + b,   |V| the Euclidean norm of each column
/// ```
///
/// - **weights** `kernel` W, `[blocks · in, blocks · out]`; `logScale` s and `bias` b, `[blocks · out]`
///
/// Source: De Cao, Aziz and Titov, *Block neural autoregressive flow* (2019), eq. 8 and sec. 3.2.
///
/// @param blocks number of blocks, the inputs of the network
/// @param in     rows of a block
/// @param out    columns of a block
record BlockMaskedDense(int blocks, int in, int out) {
    Map<String, NDArray> init(PRNGKey key) {
        PRNGKey[] keys = key.split(blocks + 2);
        int rows = blocks * in;
        int columns = blocks * out;
        NDArray kernel = Np.zeros(rows, columns);
        for (int i = 0; i < blocks; i++) {
            int seen = (i + 1) * in;
            NDArray block = Initializer.glorotUniform().draw(keys[i], Shape.of(seen, out));
            kernel = kernel.plus(Np.pad(block, new int[][] {{0, rows - seen}, {i * out, columns - (i + 1) * out}}));
        }
        Shape vector = Shape.of(columns);
        return new Weights()
                .add("kernel", kernel)
                .add("logScale", Np.log(keys[blocks].uniform(vector, 0, 1)))
                .add("bias", keys[blocks + 1].uniform(vector, 0, 1).minus(0.5).times(2 / Math.sqrt(columns)))
                .map();
    }

    /// The value, with the logarithms of the diagonal blocks of the matrix of derivatives.
    ///
    /// @param x inputs, `[…, blocks · in]`
    BlockNeuralAutoregressiveNN.Blocks apply(Map<String, NDArray> params, NDArray x) {
        Class<?> me = BlockNeuralAutoregressiveNN.class;
        NDArray kernel = Weights.get(params, "kernel", me);
        NDArray logScale = Weights.get(params, "logScale", me);
        NDArray v = Np.where(onDiagonal(), Np.exp(Np.where(onDiagonal(), kernel, 0.0)), kernel.times(mask(0)));
        NDArray logNorm = Np.log(Np.square(v).sum(0)).times(0.5);
        NDArray rescale = logScale.minus(logNorm);
        NDArray y = x.matmul(v.times(Np.exp(rescale))).plus(Weights.get(params, "bias", me));
        NDArray diagonal = Np.moveaxis(Np.diagonal(kernel.reshape(blocks, in, blocks, out).transpose(1, 3, 0, 2)), -1, 0);
        return new BlockNeuralAutoregressiveNN.Blocks(y, diagonal.plus(rescale.reshape(blocks, 1, out)));
    }

    private NDArray onDiagonal() {
        return mask(1).gt(0);
    }

    /// 1 in the blocks on the diagonal, or strictly above it.
    ///
    /// @param diagonal 1 for the diagonal, 0 for what is above
    private NDArray mask(int diagonal) {
        double[] entries = new double[blocks * in * blocks * out];
        int columns = blocks * out;
        Arrays.setAll(entries, e -> {
            int from = e / columns / in;
            int to = e % columns / out;
            return (diagonal == 1 ? from == to : from < to) ? 1 : 0;
        });
        return NDArray.of(Shape.of(blocks * in, columns), entries);
    }
}
