package kiln.infer;

import java.util.List;
import kiln.array.Diagnosis;
import kiln.array.DomainException;
import kiln.graph.Derivatives;
import kiln.graph.Graph;

/// How the gradient of a model's density is taken.
public enum Differentiation {
    /// One sweep back: a few evaluations, whatever the dimension. For everything but loops of unknown length (`Control.whileLoop`) and operations of the user
    /// that have only a forward derivative.
    REVERSE,

    /// A derivative in the direction of every coordinate, all of them side by side: as many evaluations as there are coordinates, of what depends on them.
    FORWARD,

    /// As [#REVERSE], but not before somebody asks for the gradient: for kernels that look at values alone. A model need not have one then.
    ON_DEMAND;

    /// {@return the graph of the value and of its derivatives by all parameters}
    ///
    /// @param graph a function with one output, a floating scalar
    /// @param free  how many parameters, from the front, are differentiated by forwards; the derivatives by others are then zeros
    Graph valueAndGrad(Graph graph, int free) {
        if (this == FORWARD) {
            return Derivatives.valueAndGradForward(graph, free);
        }
        try {
            return Derivatives.valueAndGrad(graph);
        } catch (DomainException e) {
            Diagnosis reason = e.diagnosis();
            try {
                Derivatives.valueAndGradForward(graph, free);
            } catch (DomainException noneEither) {
                throw e;
            }
            throw new DomainException(reason.fix("take its gradient forwards: new NUTS(model).forwardModeDifferentiation(true); or " + reason.fix()));
        }
    }
}
