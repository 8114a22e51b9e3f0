using System.ComponentModel.DataAnnotations;
using FitFlow.Contracts.Identity;
using FitFlow.Data;
using FitFlow.ServiceDefaults;
using Microsoft.AspNetCore.Http.HttpResults;

namespace FitFlow.Identity.Features.Users;

/// What everybody may change of their own account. What is not in the request (the role, the address, whether it is active) is not theirs to change.
internal static class PutMe
{
    public sealed record Request(
        [Required, StringLength(100)] string FirstName,
        [Required, StringLength(100)] string LastName,
        [RegularExpression(PhoneNumber.Pattern, ErrorMessage = PhoneNumber.Wrong)] string? Phone,
        [Required, AllowedValues(Languages.English, Languages.French, ErrorMessage = Languages.Wrong)] string Language);

    private sealed record Fields(string FirstName, string LastName, string? Phone, string Language);

    public static async Task<Results<Ok<Me>, ProblemHttpResult>> Handle(
        Request request, Caller caller, Db db, CachedPeople people, TimeProvider clock, CancellationToken ct)
    {
        var after = new Fields(request.FirstName.Trim(), request.LastName.Trim(), request.Phone, request.Language);
        await db.Global().InTransaction(async tx =>
        {
            if (await Lock(tx, caller.Id) is not { } before || Differences(before, after) is not { Count: > 0 } changes) return;

            await tx.Execute(
                """
                UPDATE users
                SET first_name = @FirstName, last_name = @LastName, phone = @Phone, language = @Language, updated_at = @Now
                WHERE id = @Id
                """, new { caller.Id, after.FirstName, after.LastName, after.Phone, after.Language, Now = clock.GetUtcNow() });
            tx.Append(new UserUpdated(caller.Id, changes));
        }, ct);

        await people.Forget(caller.Id, ct);
        return await people.Load(caller.Id, ct) is { } me ? TypedResults.Ok(me) : Problems.NotFound("users.unknown");
    }

    private static Task<Fields?> Lock(Transaction tx, Guid id) => tx.QueryOne<Fields>(
        """
        SELECT first_name, last_name, phone, language
        FROM users
        WHERE id = @Id AND erased_at IS NULL
        FOR UPDATE
        """, new { id });

    private static IReadOnlyList<string> Differences(Fields before, Fields after) => Changes.Among(
        ("first_name", before.FirstName != after.FirstName),
        ("last_name", before.LastName != after.LastName),
        ("phone", before.Phone != after.Phone),
        ("language", before.Language != after.Language));
}
