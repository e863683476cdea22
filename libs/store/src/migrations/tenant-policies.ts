/**
 * Row-level security of a table of `annals_app`: the app role sees and writes the tenant of its transaction (`inTenant`), automation works
 * for all tenants, the admin reads. Grants come from the schema's default privileges.
 */
export const tenantPolicies = (table: string): string => /* sql */ `
alter table ${table} enable row level security;
create policy app_keeps_to_its_tenant on ${table} to annals_app
  using (tenant_id = (select annals.current_tenant())) with check (tenant_id = (select annals.current_tenant()));
create policy automation_passes on ${table} to annals_automation using (true) with check (true);
create policy admin_reads_all on ${table} for select to annals_admin using (true);
`;
