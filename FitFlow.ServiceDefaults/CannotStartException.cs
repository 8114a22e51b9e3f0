namespace FitFlow.ServiceDefaults;

/// <summary>The service cannot start as it is written or configured; the message is one line that says what to change.</summary>
public sealed class CannotStartException(string message, Exception? cause = null) : Exception(message, cause);
