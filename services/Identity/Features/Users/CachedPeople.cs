using FitFlow.Data;
using FitFlow.ServiceDefaults;

namespace FitFlow.Identity.Features.Users;

/// Everybody's own account as the app asks for it at each start: from Redis, until it is changed.
internal sealed class CachedPeople(Cache cache, Db db)
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromMinutes(15);

    public Task<Me?> Find(Guid id, CancellationToken ct) => cache.GetOrAdd(Key(id), GoodFor, ct => Load(id, ct), ct);

    /// After the commit, so that whoever wrote reads what they wrote. `user.updated` sees to it when Redis is away just now.
    public async Task Forget(Guid id, CancellationToken ct)
    {
        try
        {
            await cache.Remove(Key(id), ct);
        }
        catch (DependencyDownException)
        {
            // ForgetChangedPerson tries until it is done.
        }
    }

    /// As Forget, and throws while Redis is away.
    public Task MustForget(Guid id, CancellationToken ct) => cache.Remove(Key(id), ct);

    public Task<Me?> Load(Guid id, CancellationToken ct) => db.Global().QueryOne<Me>(
        """
        SELECT u.id, u.email, u.role, u.first_name, u.last_name, u.phone, u.language, u.created_at, u.updated_at, w.welcomed_at
        FROM users u
        LEFT JOIN welcomes w ON w.user_id = u.id
        WHERE u.id = @Id AND u.erased_at IS NULL
        """, new { id }, ct);

    private static string Key(Guid id) => $"me:{id}";
}
