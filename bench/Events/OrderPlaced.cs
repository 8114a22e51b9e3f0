using FitFlow.Contracts;
using FitFlow.Data;
using FitFlow.Data.Events;
using MassTransit;
using Event = FitFlow.Contracts.Event;

namespace FitFlow.Bench.Events;

[EntityName("bench.order.placed")]
internal sealed record OrderPlaced(Guid OrderId, Guid CustomerId, long Amount, string Currency) : Event
{
    protected override Guid About => OrderId;
}

internal sealed class WriteReceipt : Reaction<OrderPlaced>
{
    protected override Task React(OrderPlaced e, Transaction tx) => tx.Execute(
        """
        INSERT INTO receipts (tenant_id, id, amount)
        VALUES (@Tenant, @OrderId, @Amount)
        """, new { tx.Tenant, e.OrderId, e.Amount });
}
