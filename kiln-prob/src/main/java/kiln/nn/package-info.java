/// Neural networks: pure functions of weights and input, for amortised guides, Bayesian networks and flows.
///
/// A [kiln.nn.Network] makes its weights from a key and the shape of an input, and is applied to weights and an input; it holds no
/// weights itself. The weights are a map from names to arrays, so that they can be differentiated, optimised, given priors by name and
/// stored:
///
/// ```java
/// var net = Sequential.of(new DenseLayer(16), Activation.TANH, new DenseLayer(1));
/// var params = net.init(PRNGKey.key(0), Shape.of(100, 3));   // 0.bias 0.kernel 2.bias 2.kernel
/// var y = net.apply(params, x);                              // [100, 1]
/// ```
///
/// Weights have the default floating type. Their draws follow the keys that JAX's stax and NumPyro give to the same layers.
@NullMarked
package kiln.nn;

import org.jspecify.annotations.NullMarked;
