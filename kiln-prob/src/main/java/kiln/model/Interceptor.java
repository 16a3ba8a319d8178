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

    /// Gives a random variable inside a scan its value, in place of [#process]: a handler that gives values does it step by step there.
    ///
    /// The site comes by once more when the scan is done, as one of all steps, with its values; see [Message.Sample#isSeries].
    ///
    /// @param site what one step makes
    /// @param step takes the value of this step from the values of all
    /// @return the site, or a copy with its value
    default Message.Sample inScan(Message.Sample site, ScanStep step) {
        return site;
    }

    /// Looks back when the model has run to its end; not called if the model threw.
    default void finish() {}
}
