using FitFlow.Contracts.Identity;
using FitFlow.Data;
using FitFlow.ServiceDefaults;

namespace FitFlow.Identity.Features.Accounts;

/// Where there is no admin yet, the migrate run makes the one that the configuration names, and writes them a letter by which to choose a
/// password. Once: whatever becomes of that account, this makes no second.
internal static class FirstAdmin
{
    private static readonly TimeSpan GoodFor = TimeSpan.FromHours(48);

    public static async Task Invite(IServiceProvider services, CancellationToken ct)
    {
        if (services.GetRequiredService<IConfiguration>()["Admin:Email"] is not { Length: > 0 } address) return;
        if (!new EmailAttribute().IsValid(address)) throw new CannotStartException("Admin__Email is not an e-mail address.");

        var (db, tokens) = (services.GetRequiredService<Db>(), services.GetRequiredService<OneTimeTokens>());
        var (letters, texts) = (services.GetRequiredService<Letters.Letters>(), services.GetRequiredService<AccountLetters>());
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var (id, email) = (Guid.CreateVersion7(now), Sql.Email(address));
        await db.Global().InTransaction(async tx =>
        {
            if (await tx.QueryOne<long>("SELECT COUNT(*) FROM users WHERE role = 'admin'") > 0) return;
            if (await tx.QueryOne<Guid?>("SELECT id FROM users WHERE email = @Email", new { email }) is not null)
            {
                throw new CannotStartException("Admin__Email names somebody who has an account already: name another address.");
            }

            await tx.Execute(
                """
                INSERT INTO users (id, email, role, first_name, last_name, created_at, email_verified_at)
                VALUES (@Id, @Email, @Role, 'FitFlow', 'Admin', @Now, @Now)
                """, new { id, email, Role = Role.Admin, now });
            tx.Append(new UserRegistered(id, Roles.NameOf(Role.Admin)));
            var token = await tokens.Make(tx, id, Purpose.ResetPassword, goodFor: GoodFor);
            await letters.Post(tx, texts.FirstAdmin(email, token));
        }, ct);
    }
}
