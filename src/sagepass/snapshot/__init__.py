"""The saved answers of AWS about accounts, principals, resources and the organization; decides nothing."""
