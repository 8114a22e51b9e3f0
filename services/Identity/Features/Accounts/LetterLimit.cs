using System.Security.Cryptography;
using System.Text;
using FitFlow.Data;

namespace FitFlow.Identity.Features.Accounts;

/// What a letter is about: one kind does not use up what the others may send.
internal enum LetterKind
{
    Verify,
    Reset,
    Invite,
}

/// Nobody's mailbox is filled through us.
internal sealed class LetterLimit(TimeProvider clock)
{
    private const int PerHour = 5;

    /// Whether this address may be sent another letter that anybody can ask for.
    public async Task<bool> Take(Transaction tx, LetterKind kind, string email)
    {
        var now = clock.GetUtcNow();
        var subject = SHA256.HashData(Encoding.UTF8.GetBytes($"letters\n{kind}\n{email}"));
        var counter = await Counter.Lock(tx, subject, now);
        if (counter.Count >= PerHour) return false;
        await tx.Execute(
            """
            UPDATE attempts
            SET count = @Count, expires_at = @ExpiresAt
            WHERE subject = @Subject
            """, new { subject, Count = counter.Count + 1, ExpiresAt = counter.Count == 0 ? now + Counter.Window : counter.ExpiresAt });
        return true;
    }
}
