namespace FitFlow.Identity.Features.Erasure;

/// What became of an account: said to whoever asked for its end, so that they need not ask again.
internal sealed record Erased(Guid UserId, IReadOnlyList<string> Gone, IReadOnlyList<Kept> Kept)
{
    public static Erased Of(Guid person) => new(
        person,
        [
            "account", "password", "sessions", "passkeys", "trainer_profile", "client_profile", "encryption_key", "memberships", "coachings",
            "invitations", "letters",
        ],
        [
            new("user_id", "A number without a name, so that what others keep for the law (invoices, bookings) still points to one and the same."),
            new("event_log", "What happened, in ids and values. It never held names, addresses or health."),
            new("audit", "Who read what of whom, by ids, for two years: it protects those whose data was read."),
            new("backups", "Until they expire. What was encrypted for you cannot be read from those made after today; erasures are done again after a restore."),
        ]);
}

/// Something that stays, and why.
internal sealed record Kept(string What, string Why);
