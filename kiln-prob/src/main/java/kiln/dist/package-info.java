/// Probability distributions: one record, one file each, with parameters, support, moments, sampling and density.
///
/// A distribution has a *batch shape* (independent copies with different parameters) and an *event shape* (one draw of one copy).
/// `sample(key, s)` has shape `s + batch + event`, `logProb(x)` has shape `s + batch`. Parameters broadcast:
///
/// ```java
/// var d = new Normal(mu, 1);                       // batch = shape of mu
/// var x = d.sample(PRNGKey.key(0), Shape.of(100)); // 100 + batch
/// var l = d.logProb(x);
/// ```
///
/// `toEvent` declares batch axes to be part of one event, `expand` repeats a distribution, `mask` switches elements of a density off.
/// A value outside the support has density zero, `logProb` = −∞. Known parameters are checked when the distribution is made; see
/// [kiln.dist.Validation] for leaving the checks out.
@NullMarked
package kiln.dist;

import org.jspecify.annotations.NullMarked;
