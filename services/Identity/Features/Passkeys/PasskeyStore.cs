using FitFlow.Data;
using Microsoft.AspNetCore.Identity;

namespace FitFlow.Identity.Features.Passkeys;

/// The part of the framework's store that its WebAuthn asks for: it only reads, writing is the use cases' business.
internal sealed class PasskeyStore(Db db, CancellationToken ct) : IUserPasskeyStore<Holder>
{
    private sealed record Row(byte[] CredentialId, byte[] PublicKey, long SignCount, string Transports, bool IsBackupEligible, bool IsBackedUp, DateTimeOffset CreatedAt)
    {
        // What is not kept (how it was attested) is not looked at again. Without its owner's verification none is added.
        public UserPasskeyInfo Info => new(
            CredentialId, PublicKey, CreatedAt, (uint)SignCount, [.. WebAuthn.TransportsIn(Transports)], isUserVerified: true, IsBackupEligible, IsBackedUp, [], []);
    }

    public async Task<Holder?> FindByIdAsync(string userId, CancellationToken cancellationToken) => Holder.PersonOf(userId) is { } person
        ? await db.Global().QueryOne<Holder>(
            """
            SELECT id, email, role, first_name, last_name, created_at, language, email_verified_at, deactivated_at
            FROM users
            WHERE id = @Person AND erased_at IS NULL
            """, new { person }, ct)
        : null;

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Holder user, CancellationToken cancellationToken)
    {
        var rows = await db.Global().Query<Row>(
            """
            SELECT credential_id, public_key, sign_count, transports, is_backup_eligible, is_backed_up, created_at
            FROM passkeys
            WHERE user_id = @Id
            ORDER BY id
            """, new { user.Id }, ct);
        return [.. rows.Select(row => row.Info)];
    }

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(Holder user, byte[] credentialId, CancellationToken cancellationToken) =>
        (await db.Global().QueryOne<Row>(
            """
            SELECT credential_id, public_key, sign_count, transports, is_backup_eligible, is_backed_up, created_at
            FROM passkeys
            WHERE credential_id = @CredentialId AND user_id = @Id
            """, new { credentialId, user.Id }, ct))?.Info;

    /// Whether a credential is taken is for the unique key to say, which also stands between two who come at once.
    public Task<Holder?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) => Task.FromResult<Holder?>(null);

    public void Dispose()
    {
    }

    public Task AddOrUpdatePasskeyAsync(Holder user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RemovePasskeyAsync(Holder user, byte[] credentialId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string> GetUserIdAsync(Holder user, CancellationToken cancellationToken) => Task.FromResult(user.Handle);

    public Task<string?> GetUserNameAsync(Holder user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

    public Task SetUserNameAsync(Holder user, string? userName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<string?> GetNormalizedUserNameAsync(Holder user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SetNormalizedUserNameAsync(Holder user, string? normalizedName, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> CreateAsync(Holder user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> UpdateAsync(Holder user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IdentityResult> DeleteAsync(Holder user, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Holder?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => throw new NotSupportedException();
}
