using Coord.Client;
using Coord.Client.Recipes;

namespace FlashSale.Shop;

/// <summary>
/// The book that only the holder of its lock writes into. Each section is one multi: the lock's znode must still exist,
/// the head moves on from the version that was read, and the orders appear, all or nothing.
/// </summary>
internal sealed class OrderBook(ICoordClient coord, int seller)
{
    private readonly DistributedMutex _lock = new(coord, ShopPaths.BookLock);

    /// <summary>Writes orders into the book, through any number of failovers.</summary>
    /// <returns>The fencing token of the section that wrote them.</returns>
    public async Task<long> WriteAsync(IReadOnlyList<long> numbers, CancellationToken ct)
    {
        var isFirstAttempt = true;
        while (true)
        {
            try
            {
                await using var held = await _lock.AcquireAsync(ct: ct);

                // An earlier attempt may have succeeded unseen. It carried a check of its own lock znode, and that one
                // is gone now that we hold the lock again: what is not written yet never will be.
                if (!isFirstAttempt && await coord.TryGetAsync(ShopPaths.Order(numbers[0]), ct: ct) is { } written)
                    return Order.Decode(numbers[0], written.Bytes.Span, written.Stat.Czxid).Token;

                isFirstAttempt = false;
                await WriteSectionAsync(numbers, held, ct);
                return held.Token.Value;
            }
            catch (CoordException e) when (Retries.CanHelp(e, ct) || HasLostTheLock(e))
            {
                Retries.Note("book", e);
            }
        }
    }

    // The first operation checks the lock's znode, the second the head's version: whoever changed it held the lock.
    private static bool HasLostTheLock(CoordException e) =>
        e is LockLostException or SessionLostException or MultiFailedException { Index: 0 or 1 };

    private async Task WriteSectionAsync(IReadOnlyList<long> numbers, ILockHandle held, CancellationToken ct)
    {
        var page = await coord.GetAsync(ShopPaths.Book, ct: ct);
        var head = BookHead.Decode(page.Bytes.Span);
        if (head.LastToken >= held.Token.Value)
            throw new SaleException($"Token {held.Token.Value} holds the lock after token {head.LastToken} wrote.");

        var next = new BookHead(head.Orders + numbers.Count, head.Sections + 1, held.Token.Value);
        var multi = held.CreateMulti().Set(ShopPaths.Book, next.Encode(), page.Stat.Version);
        var line = Order.Encode(seller, held.Token.Value);
        foreach (var number in numbers)
            multi.Create(ShopPaths.Order(number), line);
        await multi.CommitAsync(ct);
    }
}
