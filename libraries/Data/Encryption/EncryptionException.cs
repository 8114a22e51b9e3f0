namespace FitFlow.Data.Encryption;

/// <summary>Why an encrypted field cannot be read.</summary>
public enum EncryptionProblem
{
    /// <summary>The bytes were never written by this library, or not by this version of it.</summary>
    Malformed,

    /// <summary>The master key it was written under is not configured.</summary>
    UnknownKey,

    /// <summary>It was written for another table or column.</summary>
    WrongField,

    /// <summary>It was written for another row.</summary>
    WrongRow,

    /// <summary>It was changed since, or belongs to another person.</summary>
    Tampered,

    /// <summary>The person's key was destroyed.</summary>
    Erased,
}

/// <summary>An encrypted field cannot be read or written. The message names the field and row, never the value.</summary>
public sealed class EncryptionException(EncryptionProblem problem, string message, Exception? cause = null) : Exception(message, cause)
{
    public EncryptionProblem Problem { get; } = problem;
}
