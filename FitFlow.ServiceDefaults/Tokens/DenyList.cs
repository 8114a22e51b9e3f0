using System.Collections.Concurrent;

namespace FitFlow.ServiceDefaults.Tokens;

/// <summary>Every token of this person, or of this session, that was signed until then is refused.</summary>
public sealed record DeniedTokens(Guid Subject, DateTimeOffset SignedUntil);

/// <summary>
/// This process's copy of what Identity denies. A denial is forgotten when every token that it is about has expired by itself.
/// </summary>
public sealed class DenyList(TimeProvider clock, TokenOptions options)
{
    private readonly ConcurrentDictionary<Guid, long> _until = new();
    private volatile string? _waitsFor;

    public int Count => _until.Count;

    /// <summary>How long a denial matters.</summary>
    public TimeSpan KeptFor => AccessToken.Lifetime + (2 * options.ClockSkew);

    /// <summary>A later denial of the same counts; an earlier one that arrives late changes nothing.</summary>
    public void Add(DeniedTokens denied)
    {
        // Beyond all differences of clocks: no Identity has said that, and it would lock somebody out for as long as it likes.
        if (denied.SignedUntil > clock.GetUtcNow() + options.ClockSkew) return;
        _until.AddOrUpdate(denied.Subject, static (_, until) => until, static (_, known, until) => Math.Max(known, until), denied.SignedUntil.ToUnixTimeMilliseconds());
    }

    /// <summary>
    /// To the millisecond; in the very millisecond of the denial, denied. Until the first copy has come nobody knows, as without Identity's keys.
    /// </summary>
    public bool Denies(AccessToken token)
    {
        if (token.PersonId is not { } person) return false;
        if (_waitsFor is { } source) throw new DependencyDownException(source);
        return IsDenied(person, token) || (token.SessionId is { } session && IsDenied(session, token));
    }

    internal void WaitFor(string source) => _waitsFor = source;

    internal void IsWhole() => _waitsFor = null;

    internal void Forget()
    {
        var before = (clock.GetUtcNow() - KeptFor).ToUnixTimeMilliseconds();
        foreach (var old in _until.Where(denied => denied.Value < before)) _until.TryRemove(old);
    }

    private bool IsDenied(Guid subject, AccessToken token) => _until.TryGetValue(subject, out var until) && token.SignedAt.ToUnixTimeMilliseconds() <= until;
}
