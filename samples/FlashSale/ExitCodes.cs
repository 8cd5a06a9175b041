namespace FlashSale;

/// <summary>What the processes of the sample return.</summary>
internal static class ExitCodes
{
    public const int Passed = 0;
    public const int AuditFailed = 1;
    public const int WrongUse = 2;
    public const int SaleFailed = 3;
}
