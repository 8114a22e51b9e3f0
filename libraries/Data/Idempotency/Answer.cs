namespace FitFlow.Data.Idempotency;

/// <summary>What was answered the first time, and to what.</summary>
internal sealed record Answer(
    Guid PersonId, string Route, string RequestKey, byte[] RequestHash, int Status, string? Location, string? ContentType, byte[] Body, DateTimeOffset CreatedAt)
{
    public const string Insert =
        """
        INSERT INTO idempotency_keys (person_id, route, request_key, request_hash, status, location, content_type, body, created_at)
        VALUES (@PersonId, @Route, @RequestKey, @RequestHash, @Status, @Location, @ContentType, @Body, @CreatedAt)
        """;

    public Dictionary<string, object?> Args() => new(StringComparer.OrdinalIgnoreCase)
    {
        [nameof(PersonId)] = PersonId,
        [nameof(Route)] = Route,
        [nameof(RequestKey)] = RequestKey,
        [nameof(RequestHash)] = RequestHash,
        [nameof(Status)] = Status,
        [nameof(Location)] = Location,
        [nameof(ContentType)] = ContentType,
        [nameof(Body)] = Body,
        [nameof(CreatedAt)] = CreatedAt,
    };

    public static Task<Answer?> Find(Db db, KeyedRequest request, CancellationToken ct) => db.Global().QueryOne<Answer>(
        """
        SELECT person_id, route, request_key, request_hash, status, location, content_type, body, created_at
        FROM idempotency_keys
        WHERE person_id = @Person AND route = @Route AND request_key = @Key
        """, new { request.Person, request.Route, request.Key }, ct);
}
