package kiln.model;

/// A handler at work during one run of a model: sees every message on its way out and back.
public interface Interceptor {
    /// Looks at a message on its way from the statement outwards, before it has been carried out.
    ///
    /// @return the message, or a changed copy
    default Message process(Message message) {
        return message;
    }

    /// Looks at a message on its way back, when it has been carried out and has its value.
    ///
    /// @return the message, or a changed copy
    default Message postprocess(Message message) {
        return message;
    }

    /// Looks back when the model has run to its end; not called if the model threw.
    default void finish() {}
}
