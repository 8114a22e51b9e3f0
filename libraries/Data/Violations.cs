namespace FitFlow.Data;

/// <summary>A unique key says no: what was to be written is there already.</summary>
public sealed class UniqueViolation(string key, Exception? cause = null) : Exception($"The unique key {key} is taken.", cause)
{
    /// <summary>The name of the key in the migration, without its table.</summary>
    public string Key { get; } = key;
}

/// <summary>A row was to be written for another studio or person than the one the connection was opened for. Always a bug.</summary>
public sealed class TenantViolation(Exception? cause = null)
    : Exception("A row was to be written for another studio or person than the one this scope was opened for.", cause);

/// <summary>Another transaction was in the way: the work is done again from its start.</summary>
internal sealed class LockConflict(Exception cause) : Exception("Another transaction holds the same rows.", cause);
