using NodaTime;

namespace FitFlow.Scheduling.Features.Availability;

internal sealed record ExceptionView(Guid Id, ExceptionKind Kind, string StartsLocal, string EndsLocal);

/// As it is stored. The columns are the studio's clock, which the driver takes for UTC.
internal sealed record ExceptionRow(Guid Id, ExceptionKind Kind, DateTimeOffset StartsLocal, DateTimeOffset EndsLocal)
{
    public ExceptionView View => new(Id, Kind, Text(StartsLocal), Text(EndsLocal));

    public static DateTimeOffset Column(LocalDateTime local) => local.InUtc().ToDateTimeOffset();

    private static string Text(DateTimeOffset column) => LocalText.Of(LocalDateTime.FromDateTime(column.UtcDateTime));
}
