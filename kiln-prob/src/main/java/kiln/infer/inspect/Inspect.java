package kiln.infer.inspect;

import kiln.model.Model;
import kiln.model.Trace;

/// The questions that a model can be asked, to be imported statically. The model is run and traced; nothing is compiled or sampled.
public final class Inspect {
    private Inspect() {}

    /// {@return which sites depend on which, in the prior and in the posterior}
    ///
    /// @throws kiln.array.TracedValueException if the model branches on the value of a random variable
    public static Dependencies getDependencies(Model model) {
        return Dependencies.of(model);
    }

    /// {@return the sites with their distributions, plates and parents}
    ///
    /// @throws kiln.array.TracedValueException if the model branches on the value of a random variable
    public static ModelRelations getModelRelations(Model model) {
        return ModelRelations.of(model);
    }

    /// {@return the plate diagram of a model, to be written as SVG or as Graphviz text}
    ///
    /// @throws kiln.array.TracedValueException if the model branches on the value of a random variable
    public static ModelGraph renderModel(Model model) {
        return new ModelGraph(getModelRelations(model), false, false);
    }

    /// {@return a table of the shapes of all sites, in NumPyro's layout: batch axes, a bar, event axes}
    public static String formatShapes(Trace trace) {
        return new ShapeTable(trace).toString();
    }

    /// {@return a table of the shapes of all sites, with the shapes of the log densities}
    ///
    /// @param title    the first line, such as `Trace Shapes:`
    /// @param lastSite the site after which the table ends; an empty text for all sites
    public static String formatShapesWithLogProb(Trace trace, String title, String lastSite) {
        return new ShapeTable(trace, true, title, lastSite).toString();
    }
}
