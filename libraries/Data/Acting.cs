namespace FitFlow.Data;

/// <summary>Whom the views are open for.</summary>
internal sealed record Acting(Guid? Tenant, Guid? Person)
{
    public static readonly Acting Nobody = new(null, null);

    /// <summary>
    /// Sent in front of the first statement of a new connection, in the same round trip: the driver would start REPEATABLE READ.
    /// </summary>
    public string Open(bool mariaDb) =>
        $"SET @fitflow_tenant={Literal(Tenant)},@fitflow_person={Literal(Person)},innodb_lock_wait_timeout=10,"
        + (mariaDb ? "tx_isolation" : "transaction_isolation") + "='READ-COMMITTED';";

    /// <summary>
    /// Sent in front of the first statement of whoever borrows a connection, in the same round trip: the variables of whoever had it before
    /// are still there.
    /// </summary>
    public string Switch() => $"SET @fitflow_tenant={Literal(Tenant)},@fitflow_person={Literal(Person)};";

    private static string Literal(Guid? id) => id is { } value ? $"X'{Convert.ToHexString(value.ToByteArray(bigEndian: true))}'" : "NULL";
}
